//! Numbers, each with the largest that makes sense.

use std::time::Duration;

use super::{Read, is_not};

/// More threads or connections than this help nobody.
const MAX_CONNECTIONS: usize = 1000;

/// Background jobs that one server runs at the same time.
const MAX_JOBS: u32 = 32;

/// A century: what is older than that is kept for ever.
const MAX_DAYS: u32 = 36_500;

/// Nobody waits longer for an answer.
const MAX_SECONDS: u64 = 3600;

/// A year.
const MAX_LONG_SECONDS: u64 = 31_536_000;

/// Divided by more, an hour is no time at all.
const MAX_TIME_SCALE: u32 = 1_000_000;

/// Other servers cut what is longer.
const MAX_CHARACTERS: usize = 5000;

/// A form with a picture is not longer.
const MAX_UPLOAD_BYTES: usize = 10 << 20;

/// With less an account could not even keep its machines.
const MIN_ACCOUNT_BYTES: u64 = 1 << 20;

pub(in crate::config) fn port(text: &str) -> Read<u16> {
    text.parse().map_err(|_| is_not(text, "a port from 0 to 65535"))
}

pub(in crate::config) fn connections(text: &str) -> Read<usize> {
    let number = text.parse().ok().filter(|number| (1..=MAX_CONNECTIONS).contains(number));
    number.ok_or_else(|| is_not(text, "a number from 1 to 1000"))
}

pub(in crate::config) fn job_concurrency(text: &str) -> Read<u32> {
    let number = text.parse().ok().filter(|number| (1..=MAX_JOBS).contains(number));
    number.ok_or_else(|| is_not(text, "a number from 1 to 32"))
}

pub(in crate::config) fn seconds(text: &str) -> Read<Duration> {
    let number = text.parse().ok().filter(|number| (1..=MAX_SECONDS).contains(number));
    number.map(Duration::from_secs).ok_or_else(|| is_not(text, "a number of seconds from 1 to 3600"))
}

/// From none at all to a year.
pub(in crate::config) fn long_seconds(text: &str) -> Read<Duration> {
    let number = text.parse().ok().filter(|number| *number <= MAX_LONG_SECONDS);
    number.map(Duration::from_secs).ok_or_else(|| is_not(text, "a number of seconds from 0 to 31536000"))
}

/// Clients do not use a token twice that lasts less than a minute.
pub(in crate::config) fn token_seconds(text: &str) -> Read<Duration> {
    let number = text.parse().ok().filter(|number| (60..=MAX_SECONDS).contains(number));
    number.map(Duration::from_secs).ok_or_else(|| is_not(text, "a number of seconds from 60 to 3600"))
}

pub(in crate::config) fn account_bytes(text: &str) -> Read<u64> {
    let number = text.parse().ok().filter(|number| *number >= MIN_ACCOUNT_BYTES);
    number.ok_or_else(|| is_not(text, "a number of bytes from 1048576"))
}

/// What long waits are divided by.
pub(in crate::config) fn time_scale(text: &str) -> Read<u32> {
    let number = text.parse().ok().filter(|number| (1..=MAX_TIME_SCALE).contains(number));
    number.ok_or_else(|| is_not(text, "a whole number from 1 to 1000000"))
}

/// Of a text that people write.
pub(in crate::config) fn characters(text: &str) -> Read<usize> {
    let number = text.parse().ok().filter(|number| (1..=MAX_CHARACTERS).contains(number));
    number.ok_or_else(|| is_not(text, "a number of characters from 1 to 5000"))
}

/// Of a file that people send.
pub(in crate::config) fn upload_bytes(text: &str) -> Read<usize> {
    let number = text.parse().ok().filter(|number| (1..=MAX_UPLOAD_BYTES).contains(number));
    number.ok_or_else(|| is_not(text, "a number of bytes from 1 to 10485760"))
}

pub(in crate::config) fn tokens(text: &str) -> Read<u32> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| is_not(text, "a whole number above 0"))
}

pub(in crate::config) fn tokens_per_second(text: &str) -> Read<f64> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| is_not(text, "a number above 0, such as 2.0"))
}

pub(in crate::config) fn days(text: &str) -> Read<u32> {
    let number = text.parse().ok().filter(|number| (0..=MAX_DAYS).contains(number));
    number.ok_or_else(|| is_not(text, "a number of days from 0 to 36500"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        assert_eq!(tokens("100"), Ok(100));
        assert_eq!(tokens_per_second("0.5"), Ok(0.5));
        assert_eq!((days("0"), days("36500")), (Ok(0), Ok(36_500)));
        assert!(tokens("0").is_err() && tokens("-1").is_err() && tokens("1.5").is_err());
        for bad in ["0", "-1", "inf", "NaN", "two"] {
            assert!(tokens_per_second(bad).is_err(), "{bad}");
        }
        assert!(days("36501").is_err() && days("-1").is_err());
    }

    #[test]
    fn numbers() {
        assert!(port("65536").is_err() && port("-1").is_err() && port("").is_err());
        assert!(connections("0").is_err() && connections("1001").is_err());
        assert_eq!(connections("7"), Ok(7));
        assert_eq!((job_concurrency("1"), job_concurrency("32")), (Ok(1), Ok(32)));
        assert!(job_concurrency("0").is_err() && job_concurrency("33").is_err());
        assert_eq!((characters("128"), upload_bytes("1")), (Ok(128), Ok(1)));
        assert!(characters("0").is_err() && characters("5001").is_err() && upload_bytes("10485761").is_err());
        assert_eq!(account_bytes("1048576"), Ok(1 << 20));
        assert!(["1048575", "0", "-1", "10 GiB", ""].into_iter().all(|text| account_bytes(text).is_err()));
        assert_eq!(seconds("90"), Ok(Duration::from_secs(90)));
        assert!(seconds("0").is_err() && seconds("-1").is_err() && seconds("3601").is_err());
        assert_eq!(
            (long_seconds("0"), token_seconds("60")),
            (Ok(Duration::ZERO), Ok(Duration::from_mins(1)))
        );
        assert!(long_seconds("31536001").is_err() && token_seconds("59").is_err());
        assert_eq!(time_scale("1000"), Ok(1000));
        assert!(time_scale("0").is_err() && time_scale("1.5").is_err() && time_scale("1000001").is_err());
    }
}
