//! Devices that are to be notified (spec/sync.md §2.9).

mod event;
mod routes;

pub(crate) use routes::routes;
