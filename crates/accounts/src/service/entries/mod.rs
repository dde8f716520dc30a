//! The services this server offers under its DID, and which methods each admits (spec/appview.md §8.10).

mod access;
mod change;
mod entry;
mod xrpcs;

pub use access::AccessMode;
pub use change::EntryChange;
pub(super) use change::check_type;
pub use entry::ServiceEntry;
