//! What tokens of the tests are for.

use time::OffsetDateTime;

/// The method that tests call.
pub(crate) const METHOD: &str = "com.example.demo.getNotes";

/// Seconds since the epoch.
pub(crate) fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}
