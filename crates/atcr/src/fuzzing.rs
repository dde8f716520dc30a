//! What must hold for any cell of somebody's database, for fuzzers; see `fuzz/README.md`.

use crate::moment::{of_number, of_text};

/// Moments: one that is read is after 1970 and can be counted in microseconds.
pub fn moment(input: &[u8]) {
    let number = input.first_chunk().map(|bytes| i64::from_le_bytes(*bytes));
    if let Some(at) = number.and_then(of_number) {
        assert!(at > 0);
    }
    if let Some(at) = str::from_utf8(input).ok().and_then(of_text) {
        assert!(at > 0 && input.len() <= 100);
    }
}
