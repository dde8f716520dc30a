//! Pieces of SQL that several statements have.

use std::fmt::Write as _;

/// Numbers for `IN (…)`. They are ours and few: at most a page of something.
pub(crate) fn list(ids: &[i64]) -> String {
    let mut list = String::with_capacity(ids.len() * 20);
    for id in ids {
        if !list.is_empty() {
            list.push(',');
        }
        // Writing to a string does not fail.
        _ = write!(list, "{id}");
    }
    list
}
