//! People: who knows whom, and what they are told about it (spec/sync.md §2.8).

mod feed;
mod friends;
mod notify;
mod person;
mod relationship;
mod routes;

pub(crate) use routes::routes;
