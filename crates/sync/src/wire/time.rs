//! Milliseconds outside, microseconds inside.

/// As the protocol counts.
pub(crate) fn millis(micros: i64) -> i64 {
    micros / 1000
}

/// As the database counts; what is out of its reach is as far as it reaches.
pub(crate) fn from_millis(millis: i64) -> i64 {
    millis.saturating_mul(1000)
}
