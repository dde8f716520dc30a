//! How often images are pulled and pushed (spec/registry.md §4.8).
//!
//! Pulls are counted in memory and written together once a second: one that comes a thousand times a second is one row then, not a
//! thousand transactions. Pushes are rare, and go the same way.

use std::collections::HashMap;
use std::sync::PoisonError;
use std::time::Duration;

use atproto::Did;
use clock::now_micros;
use store::{Row, v};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::{Error, Hold};

/// How long a count is in memory only.
const EVERY: Duration = Duration::from_secs(1);

/// Repositories that wait to be written at most; beyond it, they are written at once.
const MOST: usize = 10_000;

/// How often something was fetched and sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Downloads of manifests.
    pub pulls: u64,
    /// Uploads of manifests.
    pub pushes: u64,
    /// In microseconds.
    pub last_pull: Option<i64>,
    /// In microseconds.
    pub last_push: Option<i64>,
}

/// Adds a row of `owner_did, repository, pulls, pushes, last_pull, last_push` to the one that there is, which is to be published again.
/// Of two times the later counts.
pub(crate) const ADDED: &str = "
    ON CONFLICT (owner_did, repository) DO UPDATE SET
        version = hold_stats.version + 1,
        pulls = hold_stats.pulls + excluded.pulls, pushes = hold_stats.pushes + excluded.pushes,
        last_pull = CASE WHEN hold_stats.last_pull > excluded.last_pull THEN hold_stats.last_pull
            ELSE COALESCE(excluded.last_pull, hold_stats.last_pull) END,
        last_push = CASE WHEN hold_stats.last_push > excluded.last_push THEN hold_stats.last_push
            ELSE COALESCE(excluded.last_push, hold_stats.last_push) END";

/// What is not written yet, by owner and repository.
pub(crate) type Counted = HashMap<(Did, String), Stats>;

impl Stats {
    /// Reads `pulls, pushes, last_pull, last_push`, from that column on.
    pub(crate) fn from_row(row: &Row<'_>, first: usize) -> Result<Self, store::Error> {
        Ok(Self {
            pulls: row.int(first)?.unsigned_abs(),
            pushes: row.int(first + 1)?.unsigned_abs(),
            last_pull: row.opt_int(first + 2)?,
            last_push: row.opt_int(first + 3)?,
        })
    }

    fn add(&mut self, more: &Self) {
        self.pulls += more.pulls;
        self.pushes += more.pushes;
        self.last_pull = self.last_pull.max(more.last_pull);
        self.last_push = self.last_push.max(more.last_push);
    }
}

impl Hold {
    /// Counts a download of a manifest.
    pub fn count_pull(&self, owner: &Did, repository: &str) {
        self.count(owner, repository, &Stats { pulls: 1, last_pull: Some(now_micros()), ..Stats::default() });
    }

    /// Counts an upload of a manifest.
    pub fn count_push(&self, owner: &Did, repository: &str) {
        self.count(
            owner,
            repository,
            &Stats { pushes: 1, last_push: Some(now_micros()), ..Stats::default() },
        );
    }

    fn count(&self, owner: &Did, repository: &str, more: &Stats) {
        let mut counted = self.inner().counted.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (owner.clone(), repository.to_owned());
        if counted.len() >= MOST && !counted.contains_key(&key) {
            // The database has not answered for long; counts are not worth more memory than this.
            metrics::counter!("hold_stats_dropped_total").increment(1);
            return;
        }
        counted.entry(key).or_default().add(more);
    }

    /// Writes what was counted, for as long as the server runs.
    pub async fn write_stats(self, stop: CancellationToken) {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let ends = tokio::select! {
                _ = ticks.tick() => false,
                () = stop.cancelled() => true,
            };
            if let Err(error) = self.flush().await {
                tracing::warn!(%error, "pulls and pushes that were counted cannot be written; it will be tried again");
            }
            if ends {
                return;
            }
        }
    }

    /// Writes what was counted so far. What cannot be written stays counted.
    pub async fn flush(&self) -> Result<(), Error> {
        let counted = {
            let mut counted = self.inner().counted.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *counted)
        };
        if counted.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<_> = counted.into_iter().collect();
        // In one order, or two instances would wait for each other.
        rows.sort_by(|(one, _), (other, _)| one.cmp(other));
        let written = rows.clone();
        let outcome = self.inner().state.write(move |conn| {
            for ((owner, repository), stats) in &written {
                stats.add_to(conn, owner, repository)?;
            }
            Ok::<_, store::Error>(())
        });
        if let Err(error) = outcome.await {
            let mut counted = self.inner().counted.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, stats) in rows {
                counted.entry(key).or_default().add(&stats);
            }
            return Err(error.into());
        }
        Ok(())
    }

    /// How often a repository was fetched and sent; what was counted in the last second may be missing.
    pub async fn stats(&self, owner: &Did, repository: &str) -> Result<Stats, Error> {
        let (owner, repository) = (owner.clone(), repository.to_owned());
        let read = self.inner().state.read(move |conn| {
            let sql = "SELECT pulls, pushes, last_pull, last_push FROM hold_stats
                WHERE owner_did = $1 AND repository = $2";
            conn.query_opt(sql, &[v(owner.as_str()), v(&repository)], |row| Stats::from_row(row, 0))
        });
        Ok(read.await?.unwrap_or_default())
    }

    /// The same of the repositories of an owner behind `after`, in the order of their names.
    pub async fn list_stats(
        &self,
        owner: &Did,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<(String, Stats)>, Error> {
        let (owner, after) = (owner.clone(), after.unwrap_or_default().to_owned());
        let read = self.inner().state.read(move |conn| {
            let sql = "SELECT repository, pulls, pushes, last_pull, last_push FROM hold_stats
                WHERE owner_did = $1 AND repository > $2 ORDER BY repository LIMIT $3";
            conn.query(sql, &[v(owner.as_str()), v(&after), v(limit)], |row| {
                Ok::<_, store::Error>((row.string(0)?, Stats::from_row(row, 1)?))
            })
        });
        Ok(read.await?)
    }
}
