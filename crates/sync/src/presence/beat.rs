//! What is known of the signs of life of one session or machine.

/// Differences below this are not written, in microseconds (spec/sync.md §5).
const WRITE_THRESHOLD: i64 = 30 * 1_000_000;

/// What says nothing new is told at most once in so many microseconds: clients say it every two seconds, and need it every time.
const TELL_AGAIN: i64 = 1_000_000;

/// Whether it belongs to the account is asked again after this long, in microseconds.
const VALID: i64 = 30 * 1_000_000;

/// All times in microseconds.
#[derive(Clone, Debug)]
pub(super) struct Beat {
    /// When the row was looked at.
    pub(super) verified_at: i64,
    /// As the row has them, or soon will.
    pub(super) active: bool,
    pub(super) active_at: i64,
    /// To be written.
    pub(super) pending: Option<i64>,
    pub(super) told_at: i64,
    pub(super) thinking: bool,
}

impl Beat {
    pub(super) fn new(active: bool, active_at: i64, now: i64) -> Self {
        Self { verified_at: now, active, active_at, pending: None, told_at: 0, thinking: false }
    }

    pub(super) fn is_valid(&self, now: i64) -> bool {
        now - self.verified_at < VALID
    }

    /// Takes a sign of life in; whether it says something that sockets should be told.
    pub(super) fn hear(&mut self, at: i64, thinking: bool, now: i64) -> bool {
        let is_news = !self.active || self.thinking != thinking || now - self.told_at >= TELL_AGAIN;
        if !self.active || at - self.active_at > WRITE_THRESHOLD {
            (self.active, self.active_at, self.pending) = (true, at, Some(at));
        }
        self.thinking = thinking;
        if is_news {
            self.told_at = now;
        }
        is_news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn signs_are_told_and_seldom_written() {
        let start = 100 * SECOND;
        let mut beat = Beat::new(true, start, start);
        assert!(beat.hear(start, false, start), "the first");
        assert!(!beat.hear(start + SECOND / 2, false, start + SECOND / 2), "at once again");
        assert!(beat.hear(start + SECOND / 2, true, start + SECOND / 2), "it thinks");
        for seconds in (2..20).step_by(2) {
            let now = start + seconds * SECOND;
            assert!(beat.hear(now, true, now), "every one of a client");
        }
        assert_eq!(beat.pending, None);
        beat.hear(start + 31 * SECOND, true, start + 31 * SECOND);
        assert_eq!(beat.pending, Some(start + 31 * SECOND));
    }

    #[test]
    fn the_first_sign_of_what_was_silent_is_told_and_written() {
        let mut beat = Beat::new(false, 0, 0);
        assert!(beat.hear(SECOND, false, SECOND));
        assert_eq!((beat.pending, beat.active), (Some(SECOND), true));
    }
}
