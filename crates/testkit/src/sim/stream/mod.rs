//! What happens, as it is told: by Jetstreams of the first version, by relays and by hosts, all out of one log.

mod control;
mod event;
mod faults;
mod filter;
mod forge;
mod frame;
mod hostile;
mod log;
mod outlet;
mod reader;
mod sender;
mod subscriber;

pub(super) use event::Happening;
pub use faults::Faults;
pub(super) use frame::{By, Said};
pub(super) use log::Stream;
pub use outlet::Outlet;
pub(super) use subscriber::accept;
