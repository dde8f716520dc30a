//! How often images are pulled and pushed, over all holds that they are or were in (spec/registry.md §5.5).
//!
//! Holds are asked side by side, and none for long. What one said last stands for what it does not say now, and then the answer is marked
//! as partial. Answers are remembered for a minute.

mod remembered;

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use ::hold::Stats;
use atproto::Did;
use serde::{Deserialize, Serialize};

use crate::Repository;
use crate::place::Place;
use crate::refusal::Refusal;
use crate::registry::Registry;
use remembered::{Remembered, Said};

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
        // Holds of others say what they like.
        self.pulls = self.pulls.saturating_add(more.pulls);
        self.pushes = self.pushes.saturating_add(more.pushes);
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
        let remembered = self.remembered();
        let names = [repository.owner.as_str(), &repository.name];
        let elsewhere = remembered.ask(&names, others, |hold| {
            let holds = self.holds.clone();
            let repository = repository.clone();
            async move {
                let Some(found) = holds.find(&hold).await.ok()? else { return Some(Totals::default()) };
                holds.stats(&found, &repository).await.ok().map(Totals::from)
            }
        });
        let mut totals = Totals::from(here);
        for Said { said, is_partial } in elsewhere.await.map_err(Refusal::unavailable)? {
            totals.add(&Totals { partial: is_partial, ..said });
        }
        Ok(totals)
    }

    /// What was counted of all repositories of an owner that have something to count.
    pub(crate) async fn totals_of(&self, owner: &Did) -> Result<ByName, Refusal> {
        let named = self.index.all_holds(owner).await?;
        let others = self.others(named.iter().map(|(_, hold)| hold.clone()));
        let mut totals = self.all_here(owner).await?;
        let (remembered, key) = (self.remembered(), [owner.as_str()]);
        let elsewhere = remembered.ask(&key, others.clone(), |hold| {
            let (holds, owner) = (self.holds.clone(), owner.clone());
            async move {
                let Some(found) = holds.find(&hold).await.ok()? else { return Some(ByName::new()) };
                let listed = holds.list_stats(&found, &owner).await.ok()?;
                Some(listed.into_iter().map(|(name, stats)| (name, Totals::from(stats))).collect::<ByName>())
            }
        });
        for (hold, Said { said, is_partial }) in
            others.iter().zip(elsewhere.await.map_err(Refusal::unavailable)?)
        {
            for (name, more) in said {
                totals.entry(name).or_default().add(&more);
            }
            // Also what it has said nothing of yet.
            let of_hold = named.iter().filter(|(_, other)| is_partial && other.as_ref() == Some(hold));
            for (name, _) in of_hold {
                totals.entry(name.clone()).or_default().partial = true;
            }
        }
        Ok(totals)
    }

    fn remembered(&self) -> Remembered<'_> {
        Remembered { cache: &self.cache, patience: PATIENCE, fresh: FRESH, stale: STALE }
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
}
