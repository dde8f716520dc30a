//! What others say that is not kept in the index.

use std::time::Duration;

use bytes::Bytes;

use crate::flights::Flights;
use crate::shared::Shared;
use crate::spans::{jittered, millis, now_millis};

/// How long an answer is as good as a new one.
const FRESH: Duration = Duration::from_mins(1);

/// The same of the answer that there is nothing.
const FRESH_NOTHING: Duration = Duration::from_secs(30);

/// How long the last answer stands in for a source that fails.
const KEPT: Duration = Duration::from_hours(24);

/// How long a source that failed is not asked again, while the last answer stands in.
const PAUSE: Duration = Duration::from_secs(15);

/// How long whoever could have the last answer waits for a new one.
const PATIENCE: Duration = Duration::from_millis(300);

/// Remembers what others say, for all instances together: for a minute as if it were new, for a day in place of an answer
/// that does not come. Of many who ask for the same at once, one does; `E` is why a source gave no answer.
pub struct Memory<E> {
    shared: Shared,
    flights: Flights<Result<Remembered, E>>,
}

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// `None`: that there is nothing.
    pub value: Option<Bytes>,
    /// How old it is, if it stands in for an answer that did not come.
    pub stale: Option<Duration>,
}

/// An answer in the cache; times are milliseconds since the epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    said_at: u64,
    ask_at: u64,
    value: Option<Bytes>,
}

impl<E: Clone + Send + Sync + 'static> Memory<E> {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared, flights: Flights::new() }
    }

    /// What is remembered under the key, or what asking brings. An error for which `is_outage` holds is not told as long as
    /// there is an older answer.
    pub async fn get<F>(
        &self,
        key: &str,
        is_outage: fn(&E) -> bool,
        ask: impl FnOnce() -> F,
    ) -> Result<Remembered, E>
    where
        F: Future<Output = Result<Option<Bytes>, E>> + Send + 'static,
    {
        let key = format!("read:said:{key}");
        let kept = self.shared.get(&key).await.and_then(|bytes| Kept::read(&bytes));
        if let Some(kept) = kept.as_ref().filter(|kept| now_millis() < kept.ask_at) {
            return Ok(kept.clone().remembered());
        }
        let flight = self.flights.join(&key, || {
            let (shared, key, kept, asked) = (self.shared.clone(), key.clone(), kept.clone(), ask());
            async move { settle(&shared, &key, kept, is_outage, asked.await).await }
        });
        let Some(kept) = kept else {
            return flight.await.unwrap_or(Ok(Remembered { value: None, stale: None }));
        };
        match tokio::time::timeout(PATIENCE, flight).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) | Err(_) => Ok(kept.stale()),
        }
    }
}

/// Keeps a new answer, or lets the last one stand in.
async fn settle<E>(
    shared: &Shared,
    key: &str,
    kept: Option<Kept>,
    is_outage: fn(&E) -> bool,
    answer: Result<Option<Bytes>, E>,
) -> Result<Remembered, E> {
    let now = now_millis();
    let (kept, remembered) = match (answer, kept) {
        (Ok(value), _) => {
            let fresh = if value.is_some() { FRESH } else { FRESH_NOTHING };
            let kept = Kept { said_at: now, ask_at: now + millis(jittered(fresh)), value };
            (kept.clone(), Remembered { value: kept.value, stale: None })
        }
        (Err(error), Some(kept)) if is_outage(&error) => {
            let kept = Kept { ask_at: now + millis(jittered(PAUSE)), ..kept };
            (kept.clone(), kept.stale())
        }
        (Err(error), _) => return Err(error),
    };
    let left = KEPT.saturating_sub(Duration::from_millis(now.saturating_sub(kept.said_at)));
    shared.set(key, kept.to_bytes(), left).await;
    Ok(remembered)
}

impl Kept {
    fn stale(self) -> Remembered {
        let age = Duration::from_millis(now_millis().saturating_sub(self.said_at));
        Remembered { value: self.value, stale: Some(age) }
    }

    /// One that is not to be asked for yet may be so because the source failed.
    fn remembered(self) -> Remembered {
        let age = now_millis().saturating_sub(self.said_at);
        if age > millis(FRESH.mul_f64(1.1)) {
            self.stale()
        } else {
            Remembered { value: self.value, stale: None }
        }
    }

    fn to_bytes(&self) -> Bytes {
        let (some, value) = match &self.value {
            Some(value) => ('+', &**value),
            None => ('-', &[][..]),
        };
        [format!("{} {} {some}", self.said_at, self.ask_at).as_bytes(), value].concat().into()
    }

    fn read(bytes: &Bytes) -> Option<Self> {
        let text = bytes.iter().position(|byte| matches!(byte, b'+' | b'-'))?;
        let (said_at, ask_at) = std::str::from_utf8(&bytes[..text]).ok()?.trim_end().split_once(' ')?;
        let value = (bytes[text] == b'+').then(|| bytes.slice(text + 1..));
        Some(Self { said_at: said_at.parse().ok()?, ask_at: ask_at.parse().ok()?, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back() {
        for value in [None, Some(Bytes::new()), Some(Bytes::from_static(b"{\"a\": \"+ -\"}"))] {
            let kept = Kept { said_at: 1, ask_at: 22, value };
            assert_eq!(Kept::read(&kept.to_bytes()), Some(kept));
        }
        for nonsense in ["", "+", "1 +", "1 2", "a b +"] {
            assert_eq!(Kept::read(&Bytes::from(nonsense)), None, "{nonsense}");
        }
    }
}
