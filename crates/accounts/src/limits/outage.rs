//! Whether the shared cache is worth asking.

use std::fmt::Display;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tracing::{info, warn};

/// Between two attempts while it does not answer: each may take as long as a call can wait.
const PAUSE: Duration = Duration::from_secs(1);

/// An outage of something that many tasks use at once: one of them finds out about it, one at a time looks whether it is
/// over, and each change is said once.
pub(super) struct Outage {
    origin: Instant,
    /// Milliseconds after `origin` at which it may be asked again; 0 while there is no outage.
    ask_at: AtomicU64,
}

impl Outage {
    pub(super) fn none() -> Self {
        Self { origin: Instant::now(), ask_at: AtomicU64::new(0) }
    }

    /// Whether the caller should ask. After a pause, the first one should; the others wait for its result.
    pub(super) fn may_ask(&self) -> bool {
        let ask_at = self.ask_at.load(Ordering::Relaxed);
        if ask_at == 0 {
            return true;
        }
        let now = self.now();
        let (later, order) = (Self::after_a_pause(now), Ordering::Relaxed);
        now >= ask_at && self.ask_at.compare_exchange(ask_at, later, order, order).is_ok()
    }

    /// An attempt failed.
    pub(super) fn goes_on(&self, why: &dyn Display) {
        if self.ask_at.swap(Self::after_a_pause(self.now()), Ordering::Relaxed) == 0 {
            warn!(%why, "the cache does not answer; each instance enforces rate limits by itself until it does");
        }
    }

    /// An attempt succeeded.
    pub(super) fn ended(&self) {
        // Hardly ever anything else but this look.
        if self.ask_at.load(Ordering::Relaxed) != 0 && self.ask_at.swap(0, Ordering::Relaxed) != 0 {
            info!("the cache answers again; rate limits are shared");
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Never 0.
    fn after_a_pause(now: u64) -> u64 {
        now.saturating_add(u64::try_from(PAUSE.as_millis()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_looks_whether_it_is_over() {
        let origin = Instant::now().checked_sub(Duration::from_mins(1)).unwrap();
        let outage = Outage { origin, ask_at: AtomicU64::new(0) };
        assert!(outage.may_ask() && outage.may_ask(), "there is none yet");
        outage.goes_on(&"no answer");
        assert!(!outage.may_ask());
        outage.ask_at.store(1, Ordering::Relaxed);
        assert!(outage.may_ask(), "the pause is over");
        assert!(!outage.may_ask(), "somebody is asking already");
        outage.ended();
        assert!(outage.may_ask() && outage.may_ask());
    }
}
