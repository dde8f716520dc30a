//! How large and how lasting an entry may be, the same for both backends so that neither hides a mistake of the other.

use crate::Error;
use std::time::Duration;

/// The longest key or channel name, in bytes.
pub const MAX_KEY_BYTES: usize = 1024;

/// The largest value, in bytes. A memory cache smaller than 16 MiB takes at most a quarter of its size.
pub const MAX_VALUE_BYTES: usize = 4 << 20;

/// The largest published message, in bytes. A message wakes a reader; what must arrive is read from its source.
pub const MAX_MESSAGE_BYTES: usize = 64 << 10;

/// Longer times to live are shortened to this: nothing ephemeral lasts ten years.
const MAX_TTL: Duration = Duration::from_hours(10 * 365 * 24);

/// The server counts in milliseconds and refuses zero.
const MIN_TTL: Duration = Duration::from_millis(1);

pub(crate) fn check(what: &'static str, bytes: &[u8], limit: usize) -> Result<(), Error> {
    if bytes.len() > limit {
        metrics::counter!("cache_refused_total", "what" => what).increment(1);
        return Err(Error::TooLarge { what, size: bytes.len(), limit });
    }
    Ok(())
}

pub(crate) fn check_key(key: &str) -> Result<(), Error> {
    check("key", key.as_bytes(), MAX_KEY_BYTES)
}

pub(crate) fn clamp_ttl(ttl: Duration) -> Duration {
    ttl.clamp(MIN_TTL, MAX_TTL)
}
