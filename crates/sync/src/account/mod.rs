//! The account itself: who it is and what it has set (spec/sync.md §2.7).

mod profile;
mod routes;
mod settings;

pub(crate) use routes::routes;
