//! A place in the order in which records were first seen.

use store::{Error, Row};

/// Where a record stands among those of its collection when they are ordered by time; no two have the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// `record_rows.created_at`, in microseconds.
    pub(crate) created_at: i64,
    /// `record_rows.id`.
    pub(crate) id: i64,
}

impl Place {
    /// Before the oldest record.
    pub(crate) const OLDEST: Self = Self { created_at: i64::MIN, id: i64::MIN };

    /// After the newest record.
    pub(crate) const NEWEST: Self = Self { created_at: i64::MAX, id: i64::MAX };

    /// Reads the columns `created_at, id` from `column` on.
    pub(crate) fn from_row(row: &Row<'_>, column: usize) -> Result<Self, Error> {
        Ok(Self { created_at: row.int(column)?, id: row.int(column + 1)? })
    }
}
