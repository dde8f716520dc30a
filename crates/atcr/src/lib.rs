//! The database of an ATCR `AppView`, read and never written (spec/registry.md §5.1).
//!
//! It is a file of SQLite that somebody hands over: it may be of another version, damaged, or made to do harm. Only tables are asked, not
//! views; only columns that are there; a row whose values are of another type than they should be, or too long, is an [`Unreadable`] of
//! its own and holds up no other. All that is read is of one moment, also while a server works on it.

mod device;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod moment;
mod rows;
mod source;
mod stats;
mod table;

pub use device::Device;
pub use error::Error;
pub use rows::Unreadable;
pub use source::Source;
pub use stats::Stats;
pub use table::Table;
