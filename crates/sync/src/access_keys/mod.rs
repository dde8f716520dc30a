//! Access keys: what a machine needs to open a session, sealed for it by the client (spec/sync.md §2.5).

mod key;
mod routes;

pub(crate) use key::{find, forget_of_machine, forget_of_session};
pub(crate) use routes::routes;
