//! Sessions: one run of an agent, with two fields that only clients can read (spec/sync.md §2.1).

mod archive;
mod create;
mod delete;
mod field;
mod list;
mod own;
mod routes;
mod session;

pub(crate) use archive::end;
pub(crate) use field::{Field, update};
pub(crate) use own::require;
pub(crate) use routes::{paged_routes, routes};
