//! The stream: a Jetstream of the first version.

mod control;
mod event;
mod filter;
mod log;
mod subscriber;

pub(super) use event::Happening;
pub(super) use log::Stream;
pub(super) use subscriber::accept;
