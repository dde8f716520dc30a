//! How often a host may be asked, so that it never has to say 429.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The longest pause a host can ask for.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_mins(2);

/// A wait up to this is waited for; whoever would have to wait longer does better to look after another host.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Below one tenth of its limit a host's remaining requests are spread; below this many if it does not tell the limit.
const FEW: u64 = 50;

/// When the next request may be sent to a host.
#[derive(Default)]
pub(crate) struct Pace(Mutex<State>);

#[derive(Default)]
struct State {
    /// Requests are sent this far apart; zero while there are many left.
    interval: Duration,
    /// Until then; the limit counts anew after it.
    spread_until: Option<Instant>,
    /// The next request is not sent before.
    next: Option<Instant>,
}

impl Pace {
    /// How long to wait before sending a request, whose turn is thereby taken. An error is the time until it might be
    /// sent: no turn is taken.
    pub(crate) fn admit(&self, now: Instant) -> Result<Duration, Duration> {
        let mut state = self.state();
        let spread = state.spread_until.is_some_and(|until| now < until);
        let turn = state.next.map_or(now, |next| next.max(now));
        let wait = turn - now;
        if wait > LONGEST_WAIT {
            return Err(wait);
        }
        state.next = Some(if spread { turn + state.interval } else { turn });
        Ok(wait)
    }

    /// Notes that of `limit` requests `left` remain until the limit counts anew. The fewer remain, the further apart they are
    /// sent.
    pub(crate) fn learn(&self, now: Instant, left: u64, limit: Option<u64>, resets_in: Duration) {
        let resets_in = resets_in.min(LONGEST_PAUSE);
        let few = limit.map_or(FEW, |limit| limit / 10);
        let mut state = self.state();
        if left > few {
            state.interval = Duration::ZERO;
            state.spread_until = None;
            return;
        }
        // Somebody else may draw on the same limit, hence one request is kept back.
        state.interval = resets_in / u32::try_from(left.max(1)).unwrap_or(u32::MAX);
        state.spread_until = Some(now + resets_in);
        let soonest = if left == 0 { now + resets_in } else { now + state.interval };
        state.next = state.next.max(Some(soonest));
    }

    /// Notes that the host asked for a pause; returns its length, which is bounded.
    pub(crate) fn pause(&self, now: Instant, asked: Duration) -> Duration {
        let pause = asked.min(LONGEST_PAUSE);
        let mut state = self.state();
        state.next = state.next.max(Some(now + pause));
        pause
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn many_left_are_sent_at_once() {
        let (pace, now) = (Pace::default(), Instant::now());
        pace.learn(now, 2000, Some(3000), 100 * SECOND);
        assert!((0..1000).all(|_| pace.admit(now) == Ok(Duration::ZERO)));
    }

    #[test]
    fn few_left_are_spread_until_the_limit_counts_anew() {
        let (pace, now) = (Pace::default(), Instant::now());
        pace.learn(now, 20, Some(3000), 20 * SECOND);
        let waits: Vec<_> = (0..7).map(|_| pace.admit(now)).collect();
        let [first, .., last, beyond] = waits[..] else { unreachable!() };
        assert_eq!((first, last, beyond), (Ok(SECOND), Err(6 * SECOND), Err(6 * SECOND)));
        let later = now + 21 * SECOND;
        assert!((0..100).all(|_| pace.admit(later) == Ok(Duration::ZERO)));
    }

    #[test]
    fn none_left_is_a_pause() {
        let (pace, now) = (Pace::default(), Instant::now());
        pace.learn(now, 0, None, 60 * SECOND);
        assert_eq!(pace.admit(now), Err(60 * SECOND));
        assert_eq!(pace.admit(now + 57 * SECOND), Ok(3 * SECOND));
    }

    #[test]
    fn a_pause_holds_for_all_and_is_bounded() {
        let (pace, now) = (Pace::default(), Instant::now());
        assert_eq!(pace.pause(now, 3600 * SECOND), LONGEST_PAUSE);
        pace.pause(now, SECOND);
        assert_eq!(pace.admit(now), Err(LONGEST_PAUSE));
        assert_eq!(pace.admit(now + LONGEST_PAUSE), Ok(Duration::ZERO));
    }
}
