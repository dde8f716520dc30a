//! How many rows are read together.

use store::{Conn, Value};

use crate::Error;

/// Bytes of the rows of one page. A larger row comes alone.
pub(crate) const PAGE: i64 = 16 * 1024 * 1024;

/// Bytes of the rows of a list that has no pages: it ends there. Lists of honest clients are a thousandth of it.
pub(crate) const LIST: i64 = 32 * 1024 * 1024;

/// The first rows of a list, as far as they are read together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fit {
    pub(crate) rows: i64,
    /// What they have together.
    pub(crate) bytes: i64,
    /// Whether there are more.
    pub(crate) has_more: bool,
}

impl Fit {
    /// Of an empty list.
    pub(crate) const NONE: Self = Self { rows: 0, bytes: 0, has_more: false };

    /// Of the rows whose sizes in bytes a statement selects, in order: at most `limit`, of at most `most` bytes, one in any case.
    /// Whether there are more is known if the statement selects more than `limit`.
    pub(crate) fn of(
        conn: &mut Conn<'_>,
        sizes: &str,
        values: &[Value<'_>],
        limit: i64,
        most: i64,
    ) -> Result<Self, Error> {
        let mut fit = Self::NONE;
        conn.for_each(sizes, values, |row| {
            fit.add(row.int(0)?, limit, most);
            Ok::<_, Error>(())
        })?;
        Ok(fit)
    }

    /// One more row of the list, of this size.
    pub(crate) fn add(&mut self, size: i64, limit: i64, most: i64) {
        let fits = self.rows == 0 || self.bytes.saturating_add(size) <= most;
        if self.has_more || self.rows >= limit || !(fits || faults::mutant!("sync-portion-without-bound")) {
            self.has_more = true;
            return;
        }
        self.rows += 1;
        self.bytes = self.bytes.saturating_add(size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(sizes: &[i64], limit: i64, most: i64) -> (i64, i64, bool) {
        let mut fit = Fit::NONE;
        for size in sizes {
            fit.add(*size, limit, most);
        }
        (fit.rows, fit.bytes, fit.has_more)
    }

    #[test]
    fn rows_are_bounded_in_number_and_in_bytes() {
        assert_eq!(fit(&[], 3, 10), (0, 0, false));
        assert_eq!(fit(&[4, 6], 3, 10), (2, 10, false));
        assert_eq!(fit(&[4, 6, 0], 3, 10), (3, 10, false));
        assert_eq!(fit(&[4, 7, 1], 3, 10), (1, 4, true), "what comes later does not overtake");
        assert_eq!(fit(&[11, 1], 3, 10), (1, 11, true), "one in any case");
        assert_eq!(fit(&[1, 1, 1, 1], 3, 10), (3, 3, true));
        assert_eq!(fit(&[i64::MAX, i64::MAX], 3, 10), (1, i64::MAX, true));
    }
}
