//! The account itself: who it is and what it has set (spec/sync.md §2.7).

mod delete;
mod export;
mod profile;
mod routes;
mod settings;

pub(crate) use delete::{delete_by_operator, finish as finish_deletions};
pub(crate) use routes::routes;
