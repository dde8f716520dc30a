//! What another registry kept that nobody else has: devices and statistics (spec/registry.md §5.8).
//!
//! Its images are their owners' records and need no import. Everything here can be done again: it brings what has changed since.

mod devices;
mod stats;

pub use devices::{Device, NotADevice, import_devices};
pub use stats::{NotStats, Stats, import_stats};
