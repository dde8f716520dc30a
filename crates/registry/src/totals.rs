//! How often images are pulled and pushed, as far as the hold here has counted it (spec/registry.md §4.8).

use std::collections::HashMap;

use atproto::Did;

use crate::Repository;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Repositories of one owner that are counted at once.
const MOST: u32 = 10_000;

/// What has been counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) pulls: u64,
    pub(crate) pushes: u64,
    /// In microseconds.
    pub(crate) last_pull: Option<i64>,
    /// In microseconds.
    pub(crate) last_push: Option<i64>,
    /// Whether somebody who has counted, too, could not be asked.
    pub(crate) partial: bool,
}

impl From<hold::Stats> for Totals {
    fn from(stats: hold::Stats) -> Self {
        let hold::Stats { pulls, pushes, last_pull, last_push } = stats;
        Self { pulls, pushes, last_pull, last_push, partial: false }
    }
}

impl Registry {
    /// Of one repository.
    pub(crate) async fn totals(&self, repository: &Repository) -> Result<Totals, Refusal> {
        let Repository { owner, name } = repository;
        Ok(self.hold.stats(owner, name).await?.into())
    }

    /// Of all repositories of an owner, by their names.
    pub(crate) async fn totals_of(&self, owner: &Did) -> Result<HashMap<String, Totals>, Refusal> {
        let listed = self.hold.list_stats(owner, None, MOST).await?;
        Ok(listed.into_iter().map(|(name, stats)| (name, stats.into())).collect())
    }
}
