//! Points in time for those who count microseconds.

use ::scripts::Times;
use time::OffsetDateTime;

pub(super) fn micros(time: Option<OffsetDateTime>) -> Option<i64> {
    time.and_then(|time| i64::try_from(time.unix_timestamp_nanos() / 1000).ok())
}

pub(super) fn times(created_at: Option<OffsetDateTime>, updated_at: Option<OffsetDateTime>) -> Times {
    Times { created_at: micros(created_at), updated_at: micros(updated_at).or(micros(created_at)) }
}
