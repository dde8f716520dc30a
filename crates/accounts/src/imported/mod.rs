//! Taking over what another server kept: the words for it, and how rows are taken.

mod rows;

use time::OffsetDateTime;

pub use rows::{Batch, Item, Outcome, RowError, Trouble, reason_in_a_row, take_all};

use crate::clock::{micros_of, now_micros};

/// What becomes of something that is here already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays as it is.
    Keep,
    /// It becomes what the other server kept.
    Replace,
}

/// What became of something that another server kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// It was not here, and is now.
    Added,
    /// It was here and stayed as it was.
    Kept,
    /// It was here and is now what the other server kept.
    Replaced,
}

/// A time in microseconds; now, if the other server did not know it.
pub(crate) fn at(time: Option<OffsetDateTime>) -> i64 {
    time.map_or_else(now_micros, micros_of)
}
