//! The time as the databases and the network count it, microseconds since 1970 in UTC, and waits that do not end together.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Now, in microseconds since 1970 by this machine's clock, unless a test has [put it wrong](faults::clock_offset).
#[must_use]
pub fn now_micros() -> i64 {
    let now = micros(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default());
    now.saturating_add(faults::clock_offset!())
}

/// A length of time in microseconds; one that is longer than they reach is the longest there is.
#[must_use]
pub fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// The wait, or up to a fifth less: what failed in the same moment must not come back in the same moment.
#[must_use]
pub fn jittered(wait: Duration) -> Duration {
    wait.mul_f64(1.0 - rand::random::<f64>() / 5.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_later_than_when_this_was_written_and_goes_on() {
        let before = now_micros();
        assert!(before > 1_795_000_000_000_000);
        std::thread::sleep(Duration::from_millis(2));
        assert!(now_micros() >= before + 2_000);
    }

    #[test]
    fn no_span_is_too_long() {
        assert_eq!(micros(Duration::from_millis(3)), 3_000);
        assert_eq!(micros(Duration::MAX), i64::MAX);
    }

    #[test]
    fn a_wait_becomes_shorter_by_a_fifth_at_most() {
        let wait = Duration::from_secs(10);
        let waits: Vec<Duration> = (0..100).map(|_| jittered(wait)).collect();
        assert!(waits.iter().all(|jittered| (Duration::from_secs(8)..=wait).contains(jittered)));
        assert!(waits.iter().any(|jittered| *jittered != waits[0]));
    }
}
