//! Comparing what is indexed, as it is written and all over again when lexicons change.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use atproto::{Did, Nsid, RecordKey, RecordName};
use records::{Change, Records};
use store::Database;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::account;
use super::outcome::Outcome;
use super::tables::{self, Check, Position};
use crate::catalogue::Validated;
use crate::{Catalogue, Error, History, Validation};

/// Records, or changes, that are looked at at a time.
const PAGE: u32 = 500;

/// Between two looks while something happens all the time.
const PAUSE: Duration = Duration::from_millis(50);

/// How long a change made by another instance may go unnoticed.
const PERIOD: Duration = Duration::from_secs(1);

/// What it takes to compare.
pub(crate) struct Checker {
    pub(crate) index: Database,
    pub(crate) catalogue: Catalogue,
    pub(crate) records: Records,
    pub(crate) history: History,
}

/// What a lexicon asks for, by collection.
type Wanted = BTreeMap<Nsid, Validated>;

/// Compares until cancelled. While nothing is to be compared, nothing is asked of the database.
pub(crate) async fn check_records(checker: Checker, stop: CancellationToken) {
    let mut committed = checker.records.committed();
    let mut refreshed = checker.catalogue.refreshed();
    let mut wanted = checker.catalogue.validated();
    let mut is_settled = false;
    loop {
        committed.borrow_and_update();
        if refreshed.has_changed().unwrap_or(false) {
            refreshed.borrow_and_update();
            (wanted, is_settled) = (checker.catalogue.validated(), false);
        }
        // With nothing to compare there is nothing to follow, once what was kept is gone.
        let more = if wanted.is_empty() && is_settled {
            false
        } else {
            let stepped = tokio::select! {
                () = stop.cancelled() => return,
                stepped = checker.step(&wanted) => stepped,
            };
            match stepped {
                Ok(more) => {
                    is_settled = !more;
                    more
                }
                Err(error) => {
                    warn!(%error, "records cannot be compared with their lexicons; this is tried again");
                    is_settled = false;
                    false
                }
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
        if !more {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = committed.changed() => {}
                _ = refreshed.changed() => (wanted, is_settled) = (checker.catalogue.validated(), false),
                () = tokio::time::sleep(PERIOD) => {}
            }
        }
    }
}

impl Checker {
    /// One step; whether there is more to do at once.
    async fn step(&self, wanted: &Wanted) -> Result<bool, Error> {
        let (position, checks) = tables::state(&self.index).await?;
        if self.agree(wanted, position, &checks).await? {
            return Ok(true);
        }
        if checks.is_empty() {
            return Ok(false);
        }
        if self.is_behind(position).await? {
            warn!("the change log was not followed for too long; all records are compared anew");
            self.begin_all(position, wanted).await?;
            return Ok(true);
        }
        let changes = self.records.changes(position.seq, PAGE).await.map_err(of_records)?;
        if !changes.is_empty() {
            self.follow(wanted, position, &changes).await?;
            return Ok(true);
        }
        match checks.into_iter().find(|check| !check.done) {
            Some(check) => self.walk(position, check).await.map(|()| true),
            None => Ok(false),
        }
    }

    /// Makes the collections that are compared those that lexicons ask for; whether that changed anything.
    async fn agree(&self, wanted: &Wanted, position: Position, checks: &[Check]) -> Result<bool, Error> {
        let known: BTreeMap<&str, &Check> =
            checks.iter().map(|check| (check.collection.as_str(), check)).collect();
        let over: Vec<String> = known
            .keys()
            .filter(|collection| !wanted.contains_key(**collection))
            .map(|collection| (*collection).to_owned())
            .collect();
        let new: Vec<(Nsid, Validated)> = wanted
            .iter()
            .filter(|(nsid, wanted)| {
                known.get(nsid.as_str()).is_none_or(|check| {
                    check.fingerprint != wanted.fingerprint || check.validation != wanted.validation
                })
            })
            .map(|(nsid, wanted)| (nsid.clone(), wanted.clone()))
            .collect();
        if over.is_empty() && new.is_empty() {
            return Ok(false);
        }
        // What was refused may pass now; it is not here, so it is fetched.
        let was_refused = |collection: &str| {
            known.get(collection).is_some_and(|check| check.validation == Validation::Reject)
        };
        let changed = new.iter().map(|(nsid, _)| nsid.as_str()).chain(over.iter().map(String::as_str));
        for collection in changed.filter(|collection| was_refused(collection)) {
            if let Some(lexicon) = self.catalogue.get(collection).filter(|lexicon| lexicon.is_record())
                && lexicon.backfill()
            {
                self.history.fetch_unwatched(lexicon.id(), None).await;
            }
        }
        // What is written from now on is in the log after this; what was written before is walked through.
        let is_first = checks.is_empty();
        let last = self.records.last_change().await.map_err(of_records)?;
        for (nsid, wanted) in &new {
            info!(collection = %nsid, validation = %wanted.validation, "records are compared with their lexicon");
        }
        self.index
            .write(move |conn| {
                if !tables::advance(conn, position, if is_first { last } else { position.seq })? {
                    return Ok(());
                }
                over.iter().try_for_each(|collection| tables::end(conn, collection))?;
                new.iter().try_for_each(|(nsid, wanted)| {
                    tables::begin(conn, nsid, wanted.validation, &wanted.fingerprint)
                })
            })
            .await?;
        Ok(true)
    }

    /// Whether changes were pruned that had not been looked at.
    async fn is_behind(&self, position: Position) -> Result<bool, Error> {
        let first = self.records.first_change().await.map_err(of_records)?;
        Ok(first.is_some_and(|first| first > position.seq + 1))
    }

    async fn begin_all(&self, position: Position, wanted: &Wanted) -> Result<(), Error> {
        let last = self.records.last_change().await.map_err(of_records)?;
        let wanted = wanted.clone();
        let write = self.index.write(move |conn| {
            if tables::advance(conn, position, last)? {
                for (nsid, wanted) in &wanted {
                    tables::begin(conn, nsid, wanted.validation, &wanted.fingerprint)?;
                }
            }
            Ok::<_, store::Error>(())
        });
        Ok(write.await?)
    }

    /// Compares what changed.
    async fn follow(&self, wanted: &Wanted, position: Position, changes: &[Change]) -> Result<(), Error> {
        let mut names: BTreeSet<RecordName> =
            changes.iter().filter_map(|change| name(change, wanted)).collect();
        let accounts: BTreeSet<String> = changes
            .iter()
            .filter(|change| change.record.is_none())
            .map(|change| change.did.clone())
            .collect();
        if !accounts.is_empty() {
            names.extend(account::flawed(&self.index, accounts).await?);
        }
        let names: Vec<RecordName> = names.into_iter().collect();
        let stored = self.records.stored(names.clone()).await.map_err(of_records)?;
        let known = self.catalogue.known();
        let mut outcomes = Vec::with_capacity(names.len());
        for (name, stored) in names.into_iter().zip(stored) {
            outcomes.push(match (stored, wanted.get(&name.1)) {
                (Some(stored), Some(Validated { validation, .. })) => {
                    let cid = stored.cid.as_deref();
                    Outcome::of(&known, &self.records, *validation, name, &stored.json, cid)
                        .await
                        .map_err(of_records)?
                }
                _ => Outcome::none(name),
            });
        }
        let seq = changes.last().map_or(position.seq, |change| change.seq);
        let write = self.index.write(move |conn| {
            if tables::advance(conn, position, seq)? {
                tables::keep(conn, &outcomes)?;
            }
            Ok::<_, store::Error>(())
        });
        Ok(write.await?)
    }

    /// Compares what was here before.
    async fn walk(&self, position: Position, mut check: Check) -> Result<(), Error> {
        let Ok(collection) = Nsid::parse(&check.collection) else { return Ok(()) };
        let walked = self.records.walk(&collection, &check.place, PAGE).await.map_err(of_records)?;
        check.done = walked.len() < PAGE as usize;
        let known = self.catalogue.known();
        let mut outcomes = Vec::with_capacity(walked.len());
        for record in walked {
            check.place = record.place;
            check.checked += 1;
            let cid = record.cid.as_deref();
            let outcome =
                Outcome::of(&known, &self.records, check.validation, record.name, &record.json, cid)
                    .await
                    .map_err(of_records)?;
            check.unresolved += i64::from(outcome.is_unresolved);
            outcomes.push(outcome);
        }
        let write = self.index.write(move |conn| {
            if tables::advance(conn, position, position.seq)? {
                tables::keep(conn, &outcomes)?;
                tables::walked(conn, &check)?;
            }
            Ok::<_, store::Error>(())
        });
        Ok(write.await?)
    }
}

/// The record of a change, if its lexicon wants it compared.
fn name(change: &Change, wanted: &Wanted) -> Option<RecordName> {
    let (collection, rkey) = change.record.as_ref()?;
    let (collection, _) = wanted.get_key_value(collection.as_str())?;
    Some((Did::parse(&change.did).ok()?, collection.clone(), RecordKey::parse(rkey).ok()?))
}

fn of_records(error: records::Error) -> Error {
    match error {
        records::Error::Store(error) => Error::Store(error),
        other => Error::Records(other),
    }
}
