//! The messages of a relay or of a host of repositories (`com.atproto.sync.subscribeRepos`), of which nothing is believed that is not
//! proven.
//!
//! - [`session`] is one connection, [`seek`] finds where it begins if the last one was with somebody else;
//! - [`judge`] proves what came and who signed it, many at once, and makes events of it;
//! - [`heads`] remembers in the transaction of the events where each repository is, so that what was left out is noticed: the
//!   repository is then fetched.
//!
//! Commits count that touch a wanted collection, and all others of repositories that are here; the rest is passed over unread.

mod heads;
mod judge;
mod seek;
mod session;

pub(super) use heads::{Followed, Step, write};
pub(super) use judge::Judge;
pub(super) use session::{Session, subscription};
