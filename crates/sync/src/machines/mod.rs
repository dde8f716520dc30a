//! Machines: where daemons run (spec/sync.md §2.3).

mod create;
mod delete;
mod field;
mod list;
mod machine;
mod routes;

pub(crate) use field::{Field, update};
pub(crate) use routes::routes;
