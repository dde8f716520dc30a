//! What others said, for when they do not say it now.

use std::collections::BTreeSet;
use std::time::Duration;

use atproto::Did;
use bytes::Bytes;
use cache::{Cache, Error};
use futures::future::join_all;
use oci::{Algorithm, Digest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Answers of holds to one kind of question.
pub(super) struct Remembered<'c> {
    pub(super) cache: &'c Cache,
    /// How long all holds together may take, which are asked side by side.
    pub(super) patience: Duration,
    /// How long an answer is as good as a new one.
    pub(super) fresh: Duration,
    /// How long it may stand for one that does not come.
    pub(super) stale: Duration,
}

/// What a hold says, or has said.
#[derive(Serialize, Deserialize)]
pub(super) struct Said<T> {
    pub(super) said: T,
    /// Whether it is what it said earlier, or nothing, because it does not answer.
    pub(super) is_partial: bool,
}

impl Remembered<'_> {
    /// The answer of each hold to a question that `names` tell from others.
    pub(super) async fn ask<T, F>(
        &self,
        names: &[&str],
        holds: BTreeSet<Did>,
        ask: impl Fn(Did) -> F,
    ) -> Result<Vec<Said<T>>, Error>
    where
        T: Default + Serialize + DeserializeOwned,
        F: Future<Output = Option<T>>,
    {
        let answers = holds.into_iter().map(|hold| {
            // Names may be longer than keys.
            let name = [names, &[hold.as_str()]].concat().join("\n");
            let name = Digest::of(Algorithm::Sha256, name.as_bytes()).to_hex();
            self.one(name, ask(hold))
        });
        join_all(answers).await.into_iter().collect()
    }

    async fn one<T>(&self, name: String, answer: impl Future<Output = Option<T>>) -> Result<Said<T>, Error>
    where
        T: Default + Serialize + DeserializeOwned,
    {
        let (now, last) = (format!("registry:totals:{name}"), format!("registry:totals-last:{name}"));
        if let Some(known) = self.read(&now).await? {
            return Ok(known);
        }
        let said = match tokio::time::timeout(self.patience, answer).await.ok().flatten() {
            Some(said) => {
                self.write(&last, &said, self.stale).await?;
                Said { said, is_partial: false }
            }
            None => Said { said: self.read(&last).await?.unwrap_or_default(), is_partial: true },
        };
        self.write(&now, &said, self.fresh).await?;
        Ok(said)
    }

    async fn read<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Error> {
        let json = self.cache.get(key).await?;
        Ok(json.and_then(|json| serde_json::from_slice(&json).ok()))
    }

    async fn write<T: Serialize>(&self, key: &str, said: &T, ttl: Duration) -> Result<(), Error> {
        let json = serde_json::to_vec(said).unwrap_or_default();
        self.cache.set(key, Bytes::from(json), ttl).await
    }
}

#[cfg(test)]
mod tests {
    use cache::MemoryConfig;

    use super::*;

    #[tokio::test]
    async fn what_was_said_stands_for_what_is_not_said() {
        let cache = Cache::memory(MemoryConfig::default());
        let (brief, long) = (Duration::from_millis(20), Duration::from_mins(1));
        let remembered = Remembered { cache: &cache, patience: brief, fresh: brief, stale: long };
        let holds = || ["did:web:a.test", "did:web:b.test"].map(|did| Did::parse(did).unwrap()).into();
        let sums = async |answers: [Option<u64>; 2]| {
            // What is fresh is not asked again.
            tokio::time::sleep(brief * 2).await;
            let said = remembered.ask(&["x"], holds(), |hold| {
                let answer = answers[usize::from(hold.as_str() == "did:web:b.test")];
                async move {
                    match answer {
                        // It takes too long.
                        Some(0) => std::future::pending().await,
                        answer => answer,
                    }
                }
            });
            let said = said.await.unwrap();
            (said.iter().map(|one| one.said).sum::<u64>(), said.iter().any(|one| one.is_partial))
        };
        assert_eq!(sums([Some(1), None]).await, (1, true));
        assert_eq!(sums([Some(2), Some(5)]).await, (7, false));
        assert_eq!(sums([Some(3), None]).await, (8, true));
        assert_eq!(sums([Some(3), Some(0)]).await, (8, true));
        assert_eq!(sums([None, Some(9)]).await, (12, true));
        assert_eq!(sums([Some(4), Some(9)]).await, (13, false));

        let patient = Remembered { fresh: long, ..remembered };
        let asked = std::sync::atomic::AtomicU64::new(0);
        let ask = |_: Did| {
            let n = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            async move { Some(n) }
        };
        for _ in 0..3 {
            patient.ask(&["y"], holds(), ask).await.unwrap();
        }
        // The question is made each time, and the answer waited for once.
        assert_eq!(patient.ask(&["y"], holds(), ask).await.unwrap()[1].said, 1);
    }
}
