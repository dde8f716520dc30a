//! How far clocks may be apart.

use std::time::{Duration, SystemTime};

use super::SignatureError;

/// How old or how far ahead a signature may be (spec/social.md §4.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window(pub Duration);

impl Default for Window {
    fn default() -> Self {
        Self(Duration::from_hours(1))
    }
}

impl Window {
    /// Whether something that was made at `made` counts at `now`.
    pub(crate) fn check(self, made: SystemTime, now: SystemTime) -> Result<(), SignatureError> {
        match now.duration_since(made) {
            Ok(age) if age > self.0 && !faults::mutant!("activitypub-old-signature") => {
                Err(SignatureError::Time("it is too old"))
            }
            Err(ahead) if ahead.duration() > self.0 => Err(SignatureError::Time("it is from the future")),
            _ => Ok(()),
        }
    }

    /// The same for seconds since 1970, which a stranger wrote.
    pub(crate) fn check_seconds(self, made: i64, now: SystemTime) -> Result<(), SignatureError> {
        self.check(at(made)?, now)
    }
}

/// Refuses what ended before `now`.
pub(crate) fn check_expiry(expires: i64, now: SystemTime) -> Result<(), SignatureError> {
    if at(expires)? < now { Err(SignatureError::Time("it has expired")) } else { Ok(()) }
}

/// Seconds since 1970 of a time that is after it; zero for any other.
pub(crate) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn at(seconds: i64) -> Result<SystemTime, SignatureError> {
    let after = u64::try_from(seconds).ok().map(Duration::from_secs);
    let time = after.and_then(|after| SystemTime::UNIX_EPOCH.checked_add(after));
    time.ok_or(SignatureError::Time("there is no such time"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_as_wide_to_both_sides() {
        let (window, now) = (Window::default(), SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000));
        for within in [996_400, 1_000_000, 1_003_600] {
            assert_eq!(window.check_seconds(within, now), Ok(()));
        }
        for outside in [i64::MIN, -1, 0, 996_399, 1_003_601, i64::MAX] {
            assert!(window.check_seconds(outside, now).is_err(), "{outside}");
        }
        assert!(check_expiry(999_999, now).is_err() && check_expiry(1_000_000, now).is_ok());
    }
}
