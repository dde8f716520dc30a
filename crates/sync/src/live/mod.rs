//! From committed updates to sockets.
//!
//! Each account with sockets here has a [`Feed`], which knows the number of the update its sockets were told last. After a
//! commit the feed is handed the new updates. If they are the next ones they go out as they are; if something is missing
//! in between, because another instance wrote it or because two commits reported in the other order, the feed reads the
//! log. So what sockets are told is in the order of the log, whoever wrote it, and a message of another instance only has
//! to say "look".

mod bus;
mod callees;
mod ephemeral;
mod feed;
mod hub;
mod listener;
mod others;
mod owed;
mod relay;
mod turns;

pub(crate) use bus::{Matters, Outgoing};
pub(crate) use callees::{Callee, Callees};
pub(crate) use feed::Feed;
pub(crate) use hub::Hub;
pub(crate) use listener::{AppState, Listener};
pub(crate) use owed::Owed;
pub(crate) use relay::Relay;
