//! When something is tried again: 16 times in about three days.

use std::time::Duration;

/// Attempts in all.
pub(super) const ATTEMPTS: i64 = 16;

/// The longest pause that a host may ask for.
const LONGEST_ASKED: Duration = Duration::from_hours(24);

/// How long to wait after so many failed attempts, in microseconds; time passes `scale` times as fast as usual. `luck` is between
/// 0 and 1: what failed together does not come back together.
pub(super) fn pause(attempts: i64, asked: Option<Duration>, scale: u32, luck: f64) -> i64 {
    let n = f64::from(u16::try_from(attempts.clamp(0, ATTEMPTS)).unwrap_or_default());
    let seconds = n.powi(4) + 15.0 + luck.clamp(0.0, 1.0) * n.powi(4) / 2.0;
    let asked = asked.unwrap_or_default().min(LONGEST_ASKED);
    clock::micros(Duration::from_secs_f64(seconds).max(asked)) / i64::from(scale.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_within_minutes_first_and_ends_after_days() {
        assert_eq!(pause(1, None, 1, 0.0), 16_000_000);
        assert_eq!(pause(1, None, 1, 1.0), 16_500_000);
        let all =
            |luck| (1..ATTEMPTS).map(|attempts| pause(attempts, None, 1, luck)).sum::<i64>() / 3_600_000_000;
        assert!(
            (48..=75).contains(&all(0.0)) && (72..=110).contains(&all(1.0)),
            "{} {} hours",
            all(0.0),
            all(1.0)
        );
        assert_eq!(pause(1, Some(Duration::from_mins(5)), 1, 0.0), 300_000_000);
        assert_eq!(pause(1, Some(Duration::from_hours(100)), 1, 0.0), 86_400_000_000);
        assert_eq!(pause(3, None, 1_000, 0.0), 96_000);
    }
}
