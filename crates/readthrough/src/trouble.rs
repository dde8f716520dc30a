//! What is remembered of questions that came to nothing, by all instances together.

use std::time::Duration;

use crate::shared::Shared;
use crate::spans::{self, jittered, millis, now_millis};
use crate::{How, Reason};

/// What stands for "there is none".
const ABSENT: &[u8] = b"absent";

/// The memory of questions that came to nothing.
pub(crate) struct Troubles {
    shared: Shared,
}

/// Hosts that failed, with the number of failures in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Trouble {
    failures: u32,
    /// Milliseconds since the epoch.
    until: u64,
}

impl Troubles {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared }
    }

    /// What is remembered under this name, that of a record, a list or an account.
    pub(crate) async fn about(&self, name: &str) -> Option<How> {
        let kept = self.shared.get(&key(name)).await?;
        if &*kept == ABSENT {
            return Some(How::KnownAbsent);
        }
        Reason::named(&kept).map(|reason| How::Unavailable { reason, asked: false })
    }

    /// Remembers that there is none.
    pub(crate) async fn absent(&self, name: &str, span: Duration) {
        self.shared.set(&key(name), ABSENT, jittered(span)).await;
    }

    /// Remembers that it is of no use to ask.
    pub(crate) async fn hopeless(&self, name: &str, reason: Reason, span: Duration) {
        self.shared.set(&key(name), reason.as_str(), jittered(span)).await;
    }

    /// Whether the host is left alone at the moment.
    pub(crate) async fn with(&self, host: &str) -> bool {
        self.of(host).await.is_some_and(|trouble| now_millis() < trouble.until)
    }

    /// The host did not answer, or asked for a pause.
    pub(crate) async fn failed(&self, host: &str, asked: Duration) {
        let failures = self.of(host).await.map_or(0, |trouble| trouble.failures);
        let span =
            jittered(spans::TROUBLE * 2_u32.pow(failures.min(8))).max(asked).min(spans::LONGEST_TROUBLE);
        let trouble = Trouble { failures: failures.saturating_add(1), until: now_millis() + millis(span) };
        // The number of failures outlives the pause, so that the next one is longer.
        self.shared.set(&host_key(host), trouble.to_text(), span + 2 * spans::LONGEST_TROUBLE).await;
    }

    /// The host answered.
    pub(crate) async fn recovered(&self, host: &str) {
        if self.of(host).await.is_some() {
            self.shared.forget(&host_key(host)).await;
        }
    }

    async fn of(&self, host: &str) -> Option<Trouble> {
        Trouble::read(&self.shared.get(&host_key(host)).await?)
    }
}

impl Trouble {
    fn to_text(self) -> String {
        format!("{} {}", self.failures, self.until)
    }

    fn read(text: &[u8]) -> Option<Self> {
        let (failures, until) = std::str::from_utf8(text).ok()?.split_once(' ')?;
        Some(Self { failures: failures.parse().ok()?, until: until.parse().ok()? })
    }
}

fn key(name: &str) -> String {
    format!("read:no:{name}")
}

fn host_key(host: &str) -> String {
    format!("read:down:{host}")
}

#[cfg(test)]
mod tests {
    use cache::{Cache, MemoryConfig};

    use super::*;

    fn troubles() -> Troubles {
        Troubles::new(Shared::new(Cache::memory(MemoryConfig::default())))
    }

    #[tokio::test]
    async fn pauses_grow_up_to_the_longest_and_an_answer_ends_them() {
        let troubles = troubles();
        let mut pauses = Vec::new();
        for _ in 0..8 {
            troubles.failed("host", Duration::ZERO).await;
            assert!(troubles.with("host").await);
            pauses.push(troubles.of("host").await.unwrap().until - now_millis());
        }
        for (pause, expected) in pauses.iter().zip([15, 30, 60, 120, 240, 300, 300, 300]) {
            let off = pause.abs_diff(expected * 1000);
            assert!(off <= expected * 100 + 500, "{pauses:?}");
        }
        troubles.recovered("host").await;
        assert!(!troubles.with("host").await);
    }

    #[tokio::test]
    async fn a_pause_that_is_asked_for_is_kept_within_bounds() {
        let troubles = troubles();
        for (asked, kept) in [(60, 60), (86_400, 300)] {
            let host = format!("host{asked}");
            troubles.failed(&host, Duration::from_secs(asked)).await;
            let pause = troubles.of(&host).await.unwrap().until - now_millis();
            assert!(pause.abs_diff(kept * 1000) < 500, "{pause}");
        }
    }

    #[tokio::test]
    async fn what_came_to_nothing_is_told_again() {
        let troubles = troubles();
        assert_eq!(troubles.about("name").await, None);
        troubles.absent("name", Duration::from_secs(30)).await;
        assert_eq!(troubles.about("name").await, Some(How::KnownAbsent));
        troubles.hopeless("name", Reason::Untrusted, Duration::from_secs(30)).await;
        let untrusted = How::Unavailable { reason: Reason::Untrusted, asked: false };
        assert_eq!(troubles.about("name").await, Some(untrusted));
    }
}
