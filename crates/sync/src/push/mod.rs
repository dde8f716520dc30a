//! Devices that are to be notified (spec/sync.md §2.9).

mod event;
mod routes;
mod service;

pub(crate) use routes::routes;
pub use service::PushService;
