//! Who may change an upload: one request at a time, and not before what the last one left is done.

mod claim;
mod table;

pub(crate) use claim::{Claim, Turn};
pub(crate) use table::{MOST, Slot, Table};
