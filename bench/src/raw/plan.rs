//! From events to the rows they change.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::batch::{Batch, Change, Row, State, Write};
use crate::model::{Key, Model};
use crate::synth::{Account, Body, Collection, Event, Operation, Synth};

/// What the database holds of a record after the batches planned so far.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Held {
    id: i64,
    rev: i64,
    visible: bool,
    links: Vec<String>,
}

/// Cuts a stream into batches of `size` events. Every id is fixed here, and a record that changes twice in a
/// batch is written once, so that the loop that writes them has nothing to ask and nothing to decide.
#[must_use]
pub fn plan(synth: &Synth, events: &[Event], size: usize) -> (Vec<Batch>, Model) {
    let mut planner = Planner { synth, ..Planner::new(synth) };
    let batches = events.chunks(size).map(|chunk| planner.batch(chunk)).collect();
    (batches, planner.model)
}

struct Planner<'a> {
    synth: &'a Synth,
    model: Model,
    repos: HashMap<u32, i64>,
    held: HashMap<Key, Held>,
    last_row: i64,
}

impl<'a> Planner<'a> {
    fn new(synth: &'a Synth) -> Self {
        Self { synth, model: Model::default(), repos: HashMap::new(), held: HashMap::new(), last_row: 0 }
    }

    fn batch(&mut self, events: &[Event]) -> Batch {
        let mut batch = Batch::default();
        let mut touched = BTreeSet::new();
        for event in events {
            batch.cursor = event.time_us;
            let is_status = matches!(event.body, Body::Account(_));
            let keys = self.model.apply(event);
            if keys.is_empty() && !is_status {
                continue;
            }
            let repo = self.repo(event.account, &mut batch);
            batch.changes.push(change(event, repo));
            if is_status {
                batch.statuses.push((repo, status(self.model.status(event.account))));
            }
            // The order of the unique index: collection, repository, record key.
            touched.extend(keys.into_iter().map(|key| (key.collection, repo, key)));
        }
        let mut counts = BTreeMap::new();
        for (_, repo, key) in touched {
            self.write(&key, repo, &mut batch, &mut counts);
        }
        batch.counts = counts.into_iter().filter(|(_, more)| *more != 0).collect();
        batch.links_gone.sort_unstable();
        batch.links_new.sort_unstable();
        batch
    }

    /// Brings one row from what the database holds to what the model says.
    fn write(&mut self, key: &Key, repo: i64, batch: &mut Batch, counts: &mut BTreeMap<i64, i64>) {
        let before = self.held.remove(key);
        let collection = collection_id(key.collection);
        let visible = self.model.is_visible(key.account);
        let Some(entry) = self.model.get(key) else {
            if let Some(before) = before {
                *counts.entry(collection).or_default() -= i64::from(!before.links.is_empty());
                batch.links_gone.extend(before.links.into_iter().map(|link| (link, collection, before.id)));
                batch.rows.push(Row { id: before.id, write: Write::Purge });
            }
            return;
        };
        let _ = (repo, visible, entry);
    }

    /// The id of a repository, and its row if it is new.
    fn repo(&mut self, account: u32, batch: &mut Batch) -> i64 {
        let next = i64::try_from(self.repos.len()).unwrap_or(i64::MAX) + 1;
        *self.repos.entry(account).or_insert_with(|| {
            batch.repos.push((next, self.synth.did(account).to_owned()));
            next
        })
    }
}
