//! How much of what strangers can cause without end is told.

use std::time::Duration;

/// Reports in a window. Whoever fills the stream with nonsense shall not fill the log and the database of events.
const REPORTS: u32 = 60;

const WINDOW: Duration = Duration::from_mins(1);

/// What may still be told. All of it is counted, told or not.
#[derive(Debug, Default)]
pub(super) struct Allowance {
    /// When the window ends, in microseconds.
    ends: i64,
    left: u32,
}

impl Allowance {
    /// Whether one more report may be made at `now`, in microseconds.
    pub(super) fn take(&mut self, now: i64) -> bool {
        if now >= self.ends {
            let window = clock::micros(WINDOW);
            *self = Self { ends: now.saturating_add(window), left: REPORTS };
        }
        let allowed = self.left > 0;
        self.left = self.left.saturating_sub(1);
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_told_in_part_and_later_again() {
        let (mut allowance, start) = (Allowance::default(), 1_750_000_000_000_000);
        let mut told = |now| (0..1000).filter(|_| allowance.take(now)).count();
        assert_eq!((told(start), told(start + 59_000_000)), (60, 0));
        assert_eq!(told(start + 60_000_000), 60);
    }
}
