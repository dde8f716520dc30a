//! What was learnt about names of one kind, for as long as it may be used.

use std::hash::Hash;
use std::time::{Duration, Instant};

use moka::Expiry;
use moka::future::Cache;

use crate::config::ResolverConfig;
use crate::error::Error;
use crate::telemetry::{self, Outcome};

/// Longer than any question takes.
const LONGEST_QUESTION: Duration = Duration::from_mins(5);

/// What was learnt about names of one kind.
///
/// Two caches, because an answer has two lives: while `current` has it nobody asks again, and while `known` has it
/// the answer can stand in for a source that is down. Concurrent questions about one name share one request.
pub(crate) struct Memory<K, V> {
    kind: &'static str,
    current: Cache<K, Entry<V>>,
    known: Cache<K, V>,
    /// When names were last invalidated, so that an answer that was under way at that moment is not kept.
    invalidated: Cache<K, Instant>,
    refresh_after: Duration,
    negative_ttl: Duration,
    failure_ttl: Duration,
    refresh_floor: Duration,
}

#[derive(Clone)]
struct Entry<V> {
    answer: Result<V, Error>,
    settled: Instant,
    lifetime: Duration,
}

struct Lifetime;

impl<K, V> Expiry<K, Entry<V>> for Lifetime {
    fn expire_after_create(&self, _: &K, entry: &Entry<V>, _: Instant) -> Option<Duration> {
        Some(entry.lifetime)
    }
}

impl<K, V> Memory<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// `kind` labels the metrics.
    pub(crate) fn new(kind: &'static str, config: &ResolverConfig) -> Self {
        Self {
            kind,
            current: Cache::builder().max_capacity(config.capacity).expire_after(Lifetime).build(),
            known: Cache::builder().max_capacity(config.capacity).time_to_live(config.stale_for).build(),
            invalidated: Cache::builder()
                .max_capacity(config.capacity)
                .time_to_live(LONGEST_QUESTION)
                .build(),
            refresh_after: config.refresh_after,
            negative_ttl: config.negative_ttl,
            failure_ttl: config.failure_ttl,
            refresh_floor: config.refresh_floor,
        }
    }

    /// What is known about `key`, or what `ask` finds out.
    pub(crate) async fn get(&self, key: &K, ask: impl Future<Output = Result<V, Error>>) -> Result<V, Error> {
        let mut asked = false;
        let question = async {
            asked = true;
            self.settle(key, ask).await
        };
        let entry = self.current.get_with_by_ref(key, question).await;
        if !asked {
            telemetry::looked_up(self.kind, Outcome::Remembered);
        }
        entry.answer
    }

    /// Asks, and decides what of the answer is kept for how long.
    async fn settle(&self, key: &K, ask: impl Future<Output = Result<V, Error>>) -> Entry<V> {
        let started = Instant::now();
        let answer = ask.await;
        let outdated = self.invalidated.get(key).await.is_some_and(|at| at >= started);
        let (outcome, answer, lifetime) = match answer {
            Ok(found) => {
                if !outdated {
                    self.known.insert(key.clone(), found.clone()).await;
                }
                (Outcome::Found, Ok(found), self.refresh_after)
            }
            Err(error) if error.is_transient() => match self.known.get(key).await {
                Some(stale) => (Outcome::Stale, Ok(stale), self.failure_ttl),
                None => (Outcome::Failed, Err(error), self.failure_ttl),
            },
            Err(error) => {
                self.known.invalidate(key).await;
                let outcome = if error.is_not_found() { Outcome::NotFound } else { Outcome::Rejected };
                (outcome, Err(error), self.negative_ttl)
            }
        };
        telemetry::looked_up(self.kind, outcome);
        // Whoever is waiting may still have an outdated answer; whoever asks from now on is owed a new one.
        let lifetime = if outdated { Duration::ZERO } else { lifetime };
        Entry { answer, settled: Instant::now(), lifetime }
    }

    /// The last good answer, however old.
    pub(crate) async fn known(&self, key: &K) -> Option<V> {
        self.known.get(key).await
    }

    /// Asks anew next time, unless the answer is hardly older than the suspicion; what is known may still stand in.
    pub(crate) async fn expire(&self, key: &K) {
        let settled = self.current.get(key).await.map(|entry| entry.settled);
        if settled.is_some_and(|at| at.elapsed() >= self.refresh_floor) {
            self.current.invalidate(key).await;
        }
    }

    /// Forgets everything about `key`: it is known to have changed.
    pub(crate) async fn invalidate(&self, key: &K) {
        self.invalidated.insert(key.clone(), Instant::now()).await;
        self.current.invalidate(key).await;
        self.known.invalidate(key).await;
    }
}
