//! Attachments: sealed files that messages of a session point at (spec/sync.md §2.13). Nobody but the account reads them.
//!
//! They are in the database or, where one is configured, in a bucket. A row says which, so what was stored before it was
//! configured stays readable. Uploads pass through this server in either case: that is how sizes and the account's share are kept.
//! Downloads from a bucket go there, by a URL that is good for a while.

mod lost;
mod place;
mod routes;
mod stored;
mod stowed;

pub(crate) use lost::{announce, claim, lose_of_account, lose_of_session, remove_lost_objects};
pub(crate) use routes::routes;
pub(crate) use stored::put_imported;
pub(crate) use stowed::{read, require};
