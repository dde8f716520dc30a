//! Publishing what the hold's rows say, in a commit of many records about once a second. Counts of one repository are published once
//! a minute at most: a commit for every pull would tell subscribers of little else.
//!
//! One instance publishes at a time. It takes what is [unpublished](hold::Hold::unpublished), writes it, and then notes that it did; both
//! can be done again.

use std::collections::HashSet;
use std::time::Duration;

use atproto::{Nsid, RecordKey};
use clock::{micros, now_micros};
use hold::{Collection, Unpublished, crew_key, stats_key};
use repos::{Error, Expected, Write};
use serde_json::Value;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::records::{self, Record};
use crate::service::Served;
use crate::time;

const EVERY: Duration = Duration::from_secs(1);

/// Between two records of one repository's counts.
const STATS_EVERY: Duration = Duration::from_mins(1);

/// Records of one commit.
const MOST: usize = 100;

/// Whoever has not published for this long has died.
const TURN: Duration = Duration::from_secs(30);

const CAPTAIN: &str = "io.atcr.hold.captain";

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Publishes for as long as the server runs.
pub(crate) struct Publisher {
    service: Served,
    has_captain: bool,
}

impl Publisher {
    pub(crate) fn new(service: &Served) -> Self {
        Self { service: service.clone(), has_captain: false }
    }

    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = false;
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = stop.cancelled() => return,
            }
            let outcome = self.pass().await;
            if let (Err(error), false) = (&outcome, failing) {
                tracing::warn!(%error, "what is in the hold cannot be published; it will be tried again");
            }
            failing = outcome.is_err();
        }
    }

    /// Does a bounded part of what there is to do.
    async fn pass(&mut self) -> Result<(), Failure> {
        if self.has_captain && self.unpublished().await?.is_empty() {
            return Ok(());
        }
        let Some(turn) = self.service.cache.try_lock("hold:publisher", TURN).await? else { return Ok(()) };
        let outcome = self.publish().await;
        turn.release().await?;
        outcome
    }

    async fn unpublished(&self) -> Result<Unpublished, hold::Error> {
        self.service.hold.unpublished(MOST, now_micros() - micros(STATS_EVERY)).await
    }

    async fn publish(&mut self) -> Result<(), Failure> {
        if !self.has_captain {
            self.captain().await?;
            self.has_captain = true;
        }
        let unpublished = self.unpublished().await?;
        let writes = self.writes(&unpublished);
        self.apply(writes).await?;
        self.service.hold.published(unpublished).await?;
        Ok(())
    }

    /// Of records that cannot be written together, those are written that can: one must not keep the others back.
    async fn apply(&self, writes: Vec<Write>) -> Result<(), Error> {
        let (repos, did) = (&self.service.repos, self.service.hold.did());
        match repos.apply(did, writes.clone(), None).await {
            Err(Error::InvalidRecord(_) | Error::TooLarge { .. }) => {}
            applied => return applied.map(drop),
        }
        for write in writes {
            match repos.apply(did, vec![write], None).await {
                Err(error @ (Error::InvalidRecord(_) | Error::TooLarge { .. })) => {
                    tracing::warn!(%error, "a record of the hold cannot be written and is left out");
                }
                applied => drop(applied?),
            }
        }
        Ok(())
    }

    /// Makes the captain's record what is configured, and the captain one of the crew.
    async fn captain(&self) -> Result<(), Failure> {
        let (repos, hold) = (&self.service.repos, &self.service.hold);
        let (did, captain) = (hold.did(), hold.captain());
        let (collection, rkey) = (Nsid::parse(CAPTAIN)?, RecordKey::parse("self")?);
        let there = repos.get(did, &collection, &rkey).await?;
        let there: Value =
            there.map(|record| serde_json::from_str(&record.json)).transpose()?.unwrap_or_default();
        let (is_same, deployed_at) = records::is_same_captain(&there, captain);
        if is_same {
            return Ok(());
        }
        let deployed_at = deployed_at.unwrap_or_else(|| time::written(now_micros()));
        let record = records::captain(captain, &deployed_at);
        let mut writes = vec![Write::Put { collection, rkey, record, expected: Expected::Anything }];
        let before = there["owner"].as_str().and_then(|owner| atproto::Did::parse(owner).ok());
        if let Some(before) = before.filter(|before| *before != captain.owner) {
            match hold.member(&before).await? {
                Some(member) => {
                    writes.extend(put(Collection::Crew, &crew_key(&before), records::crew(&member)))
                }
                None => writes.extend(delete(Collection::Crew, &crew_key(&before))),
            }
        }
        let owner = records::owner(captain, &deployed_at);
        writes.extend(put(Collection::Crew, &crew_key(&captain.owner), owner));
        Ok(self.apply(writes).await?)
    }

    fn writes(&self, all: &Unpublished) -> Vec<Write> {
        let captain = self.service.hold.captain();
        let owner_key = crew_key(&captain.owner);
        let now = now_micros();
        let mut put_keys = HashSet::new();
        let mut writes = Vec::with_capacity(all.len());
        let crew =
            all.crew.iter().map(|it| (Collection::Crew, crew_key(&it.row.member), records::crew(&it.row)));
        let layers = all.layers.iter().map(|it| (Collection::Layer, it.rkey(), records::layer(it)));
        let stats = all.stats.iter().map(|it| {
            (Collection::Stats, stats_key(&it.row.0, &it.row.1), records::stats(&it.row, Some(now)))
        });
        for (collection, rkey, record) in crew.chain(layers).chain(stats) {
            // The captain's own record is not that of a member.
            if collection == Collection::Crew && rkey == owner_key {
                continue;
            }
            writes.extend(put(collection, &rkey, record));
            put_keys.insert((collection, rkey));
        }
        for gone in &all.gone {
            let is_owner = gone.collection == Collection::Crew && gone.rkey == owner_key;
            if !is_owner && !put_keys.contains(&(gone.collection, gone.rkey.clone())) {
                writes.extend(delete(gone.collection, &gone.rkey));
            }
        }
        writes
    }
}

fn name(collection: Collection, rkey: &str) -> Option<(Nsid, RecordKey)> {
    Some((Nsid::parse(collection.nsid()).ok()?, RecordKey::parse(rkey).ok()?))
}

/// `None` if there can be no such record: a DID may be longer than a key.
fn put(collection: Collection, rkey: &str, record: Record) -> Option<Write> {
    let (collection, rkey) = name(collection, rkey)?;
    Some(Write::Put { collection, rkey, record, expected: Expected::Anything })
}

fn delete(collection: Collection, rkey: &str) -> Option<Write> {
    let (collection, rkey) = name(collection, rkey)?;
    Some(Write::Delete { collection, rkey, expected: Expected::Anything })
}
