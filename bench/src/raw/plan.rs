//! From events to the rows they change.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::batch::{Batch, Change, Row, State, Write};
use crate::model::{Applied, Key, Model};
use crate::synth::{Account, Body, Collection, Event, Operation, Synth};

/// Cuts a stream into batches of `size` events. Every id is fixed here, and a record that changes twice in a
/// batch is written once, so that the loop that writes them has nothing to ask and nothing to decide.
#[must_use]
pub fn plan(synth: &Synth, events: &[Event], size: usize) -> (Vec<Batch>, Model) {
    let mut planner =
        Planner { synth, model: Model::default(), repos: HashMap::new(), held: HashMap::new(), last_row: 0 };
    let batches = events.chunks(size).map(|chunk| planner.batch(chunk)).collect();
    (batches, planner.model)
}

struct Planner<'a> {
    synth: &'a Synth,
    model: Model,
    repos: HashMap<u32, i64>,
    /// What the database holds after the batches planned so far.
    held: HashMap<Key, Held>,
    last_row: i64,
}

#[derive(Debug, Default)]
struct Held {
    id: i64,
    rev: i64,
    visible: bool,
    links: Vec<String>,
}

impl Planner<'_> {
    fn batch(&mut self, events: &[Event]) -> Batch {
        let mut batch = Batch::default();
        let mut touched = BTreeSet::new();
        for event in events {
            batch.cursor = event.time_us;
            let Applied { touched: keys, is_news } = self.model.apply(event);
            if keys.is_empty() && !is_news {
                continue;
            }
            let repo = self.repo(event.account, &mut batch);
            if let Body::Account(status) = event.body {
                batch.statuses.push((repo, status_code(status)));
            }
            if is_news {
                batch.changes.push(change(event, repo));
            }
            // The order of the unique index: collection, repository, record key.
            touched.extend(keys.into_iter().map(|key| (key.collection, repo, key)));
        }
        let mut counts = BTreeMap::new();
        for (_, repo, key) in touched {
            self.write(key, repo, &mut batch, &mut counts);
        }
        batch.counts = counts.into_iter().filter(|(_, more)| *more != 0).collect();
        batch.links_gone.sort_unstable();
        batch.links_new.sort_unstable();
        batch
    }

    /// Brings one row from what the database holds to what the model says.
    fn write(&mut self, key: Key, repo: i64, batch: &mut Batch, counts: &mut BTreeMap<i64, i64>) {
        let collection = collection_id(key.collection);
        let before = self.held.remove(&key);
        let Some(entry) = self.model.get(&key) else {
            // Purged; if it had also come into being within this batch, no row ever knew of it.
            if let Some(Held { id, visible, links, .. }) = before {
                *counts.entry(collection).or_default() -= i64::from(visible);
                batch.links_gone.extend(links.into_iter().map(|link| (link, collection, id)));
                batch.rows.push(Row { id, write: Write::Purge });
            }
            return;
        };
        let visible = entry.record.is_some() && self.model.is_visible(key.account);
        let links = entry.record.as_ref().map(|record| record.links.clone()).unwrap_or_default();
        let state = State { rev: entry.rev, time_us: entry.time_us, record: entry.record.clone(), visible };
        let is_new = before.is_none();
        let before = before.unwrap_or_default();
        let id = if is_new { self.last_row + 1 } else { before.id };
        self.last_row = self.last_row.max(id);

        *counts.entry(collection).or_default() += i64::from(visible) - i64::from(before.visible);
        if before.links != links {
            batch.links_gone.extend(before.links.into_iter().map(|link| (link, collection, id)));
            batch.links_new.extend(links.iter().map(|link| (link.clone(), collection, id)));
        }
        let write = if is_new {
            Some(Write::Insert { key: (collection, repo, key.rkey.clone()), state })
        } else if before.rev != state.rev {
            Some(Write::Update(state))
        } else {
            (before.visible != visible).then_some(Write::Show(visible))
        };
        self.held.insert(key, Held { id, rev: entry.rev, visible, links });
        batch.rows.extend(write.map(|write| Row { id, write }));
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

/// The id of a collection's row.
#[must_use]
pub fn collection_id(collection: Collection) -> i64 {
    collection as i64 + 1
}

/// `repos.status`.
fn status_code(status: Account) -> i64 {
    match status {
        Account::Active => 0,
        Account::Deactivated => 1,
        Account::TakenDown => 2,
        Account::Deleted => 4,
    }
}

fn change(event: &Event, repo: i64) -> Change {
    let (action, record) = match &event.body {
        Body::Commit(commit) => {
            let action = match commit.operation {
                Operation::Create => 1,
                Operation::Update => 2,
                Operation::Delete => 3,
            };
            let collection = collection_id(commit.collection);
            (action, Some((collection, commit.rkey.clone(), commit.rev.number())))
        }
        Body::Identity | Body::Account(_) => (4, None),
    };
    Change { at: event.time_us, action, repo, record }
}
