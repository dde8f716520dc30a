//! How often images are pulled and pushed, over all holds that they are or were in (spec/registry.md §5.5).
//!
//! Holds are asked side by side, and none for long. What one said last stands for what it does not say now, and then the answer is marked
//! as partial. Answers are remembered for a minute.

#![expect(dead_code, reason = "the pages and the JSON that show it come with the routes of `/api/registry`")]

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use ::hold::Stats;
use atproto::Did;
use bytes::Bytes;
use futures::future::join_all;
use oci::{Algorithm, Digest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Repository;
use crate::place::Place;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// How long a sum is fresh, and how long what a hold said may stand for what it does not say.
const FRESH: Duration = Duration::from_mins(1);
const STALE: Duration = Duration::from_hours(1);

/// How long all holds together may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Holds that are asked, at most: more than anybody has.
const MOST: usize = 16;

/// Our own repositories of an owner that are read at once.
const PAGE: u32 = 1000;

/// What was counted of a repository.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Totals {
    pub(crate) pulls: u64,
    pub(crate) pushes: u64,
    /// In microseconds.
    pub(crate) last_pull: Option<i64>,
    /// In microseconds.
    pub(crate) last_push: Option<i64>,
    /// Whether a hold has not answered.
    pub(crate) partial: bool,
}

impl Totals {
    fn add(&mut self, more: &Self) {
        self.pulls += more.pulls;
        self.pushes += more.pushes;
        self.last_pull = self.last_pull.max(more.last_pull);
        self.last_push = self.last_push.max(more.last_push);
        self.partial |= more.partial;
    }
}

impl From<Stats> for Totals {
    fn from(stats: Stats) -> Self {
        let Stats { pulls, pushes, last_pull, last_push } = stats;
        Self { pulls, pushes, last_pull, last_push, partial: false }
    }
}

/// What is known of the repositories of an owner, by name.
type ByName = HashMap<String, Totals>;

impl Registry {
    /// What was counted of a repository.
    pub(crate) async fn totals(&self, repository: &Repository) -> Result<Totals, Refusal> {
        let holds = self.index.holds(repository).await?;
        let others = self.others(holds.into_iter());
        let here = self.hold.stats(&repository.owner, &repository.name).await?;
        let key = key("totals", &[repository.owner.as_str(), &repository.name]);
        let elsewhere = self.remembered(&key, others, |hold| {
            let holds = self.holds.clone();
            let repository = repository.clone();
            async move {
                let Some(found) = holds.find(&hold).await.ok()? else { return Some(Totals::default()) };
                holds.stats(&found, &repository).await.ok().map(Totals::from)
            }
        });
        let mut totals = Totals::from(here);
        for (_, more) in elsewhere.await? {
            totals.add(&more);
        }
        Ok(totals)
    }

    /// What was counted of all repositories of an owner that have something to count.
    pub(crate) async fn totals_of(&self, owner: &Did) -> Result<ByName, Refusal> {
        let named = self.index.all_holds(owner).await?;
        let others = self.others(named.into_iter().map(|(_, hold)| hold));
        let mut totals = self.all_here(owner).await?;
        let key = key("totals-of", &[owner.as_str()]);
        let elsewhere = self.remembered(&key, others, |hold| {
            let (holds, owner) = (self.holds.clone(), owner.clone());
            async move {
                let Some(found) = holds.find(&hold).await.ok()? else { return Some(ByName::new()) };
                let listed = holds.list_stats(&found, &owner).await.ok()?;
                Some(listed.into_iter().map(|(name, stats)| (name, Totals::from(stats))).collect::<ByName>())
            }
        });
        for (_, more) in elsewhere.await? {
            for (name, more) in more {
                totals.entry(name).or_default().add(&more);
            }
        }
        Ok(totals)
    }

    async fn all_here(&self, owner: &Did) -> Result<ByName, Refusal> {
        let (mut all, mut after) = (ByName::new(), None::<String>);
        loop {
            let page = self.hold.list_stats(owner, after.as_deref(), PAGE).await?;
            let is_last = page.len() < PAGE as usize;
            after = page.last().map(|(name, _)| name.clone());
            all.extend(page.into_iter().map(|(name, stats)| (name, Totals::from(stats))));
            if is_last {
                return Ok(all);
            }
        }
    }

    /// Somebody else's holds among these.
    fn others(&self, holds: impl Iterator<Item = Option<Did>>) -> BTreeSet<Did> {
        let places = holds.filter_map(|hold| match self.place(hold) {
            Place::Here => None,
            Place::In(hold) => Some(hold),
        });
        places.take(MOST).collect()
    }

    /// What each hold says, or has said last.
    async fn remembered<T, F>(
        &self,
        key: &str,
        holds: BTreeSet<Did>,
        ask: impl Fn(Did) -> F,
    ) -> Result<Vec<(Did, T)>, Refusal>
    where
        T: Answered,
        F: Future<Output = Option<T>>,
    {
        let asked = holds.into_iter().map(|hold| {
            let (fresh, stale) = (format!("{key}:{}", short(&hold)), format!("{key}:{}:last", short(&hold)));
            let answer = ask(hold.clone());
            async move {
                if let Some(known) = self.read::<T>(&fresh).await? {
                    return Ok::<_, Refusal>((hold, known));
                }
                let answer = tokio::time::timeout(PATIENCE, answer).await.ok().flatten();
                let (said, is_partial) = match answer {
                    Some(said) => {
                        self.remember(&stale, &said, STALE).await?;
                        (said, false)
                    }
                    None => (self.read::<T>(&stale).await?.unwrap_or_default(), true),
                };
                let said = if is_partial { said.partial() } else { said };
                self.remember(&fresh, &said, FRESH).await?;
                Ok((hold, said))
            }
        });
        join_all(asked).await.into_iter().collect()
    }

    async fn read<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Refusal> {
        let json = self.cache.get(key).await.map_err(Refusal::unavailable)?;
        Ok(json.and_then(|json| serde_json::from_slice(&json).ok()))
    }

    async fn remember<T: Serialize>(&self, key: &str, said: &T, ttl: Duration) -> Result<(), Refusal> {
        let json = serde_json::to_vec(said).unwrap_or_default();
        self.cache.set(key, Bytes::from(json), ttl).await.map_err(Refusal::unavailable)
    }
}

/// What a hold can be asked.
trait Answered: Default + Serialize + DeserializeOwned {
    /// The same, marked as what was said earlier.
    fn partial(self) -> Self;
}

impl Answered for Totals {
    fn partial(self) -> Self {
        Self { partial: true, ..self }
    }
}

impl Answered for ByName {
    fn partial(self) -> Self {
        self.into_iter().map(|(name, totals)| (name, totals.partial())).collect()
    }
}

/// Names may be longer than keys.
fn key(kind: &str, names: &[&str]) -> String {
    format!("registry:{kind}:{}", Digest::of(Algorithm::Sha256, names.join("\n").as_bytes()).to_hex())
}

fn short(hold: &Did) -> String {
    Digest::of(Algorithm::Sha256, hold.as_str().as_bytes()).to_hex()
}
