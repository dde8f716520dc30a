//! Timestamp identifiers: record keys and revisions that sort by time.

use std::fmt;

const ALPHABET: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";

/// A TID as its 64-bit number: 53 bits of microseconds, 10 bits of clock id. Displays as 13 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tid(i64);

impl Tid {
    /// The TID for a time in microseconds since the epoch; only the low ten bits of `clock` count.
    #[must_use]
    pub fn new(micros: i64, clock: u32) -> Self {
        Self((micros << 10) | i64::from(clock & 1023))
    }

    /// The number behind the text, ordered as the text is.
    #[must_use]
    pub fn number(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Tid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0_u8; 13];
        let mut rest = self.0;
        for place in text.iter_mut().rev() {
            *place = ALPHABET[usize::try_from(rest & 31).map_err(|_| fmt::Error)?];
            rest >>= 5;
        }
        f.pad(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}
