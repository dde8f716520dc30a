//! The index that a stream must lead to, computed without a database.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::synth::{Account, Body, Collection, Commit, Event, Record};

/// Which record: the account's number, the collection and the record key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// See [`Synth::did`](crate::synth::Synth::did).
    pub account: u32,
    /// Where in the account's repository.
    pub collection: Collection,
    /// The record key.
    pub rkey: String,
}

/// The last thing that was said about a record.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The revision that said it, as a number.
    pub rev: i64,
    /// When, in microseconds.
    pub time_us: i64,
    /// The record, or `None` once it is deleted.
    pub record: Option<Arc<Record>>,
}

/// All that has been said, by the rules for ingest: an update of an unknown record creates it, the deletion of
/// an account purges its records and closes it until it is active again, any other inactivity hides them. An
/// account is known from its first commit on; what was announced about it before is not remembered.
#[derive(Debug, Default)]
pub struct Model {
    entries: BTreeMap<Key, Entry>,
    accounts: BTreeMap<u32, Account>,
}

/// What an event did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The records it changed, or whose visibility it may have changed.
    pub touched: Vec<Key>,
    /// Whether there is anything to tell: the deletion of a record nobody knew is kept, but it is no news.
    pub is_news: bool,
}

impl Model {
    /// Applies one event.
    pub fn apply(&mut self, event: &Event) -> Applied {
        match &event.body {
            Body::Identity => Applied::default(),
            Body::Account(status) => self.apply_status(event.account, *status),
            Body::Commit(commit) => self.apply_commit(event, commit),
        }
    }

    /// What has been said last about a record; `None` if it was never heard of, or purged.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// Whether queries may show records of this account.
    #[must_use]
    pub fn is_visible(&self, account: u32) -> bool {
        self.status(account) == Account::Active
    }

    /// The account's status as last announced; accounts start active.
    #[must_use]
    pub fn status(&self, account: u32) -> Account {
        self.accounts.get(&account).copied().unwrap_or(Account::Active)
    }

    /// All records that exist, hidden ones included, in the order of their keys.
    pub fn records(&self) -> impl Iterator<Item = (&Key, &Arc<Record>)> {
        self.entries.iter().filter_map(|(key, entry)| Some((key, entry.record.as_ref()?)))
    }

    fn apply_commit(&mut self, event: &Event, commit: &Commit) -> Applied {
        let Commit { collection, rkey, rev, record, .. } = commit;
        if *self.accounts.entry(event.account).or_insert(Account::Active) == Account::Deleted {
            return Applied::default();
        }
        let key = Key { account: event.account, collection: *collection, rkey: rkey.clone() };
        let record = record.clone().map(Arc::new);
        let exists = record.is_some();
        let entry = Entry { rev: rev.number(), time_us: event.time_us, record };
        let before = self.entries.insert(key.clone(), entry);
        let existed = before.is_some_and(|before| before.record.is_some());
        Applied { touched: vec![key], is_news: exists || existed }
    }

    fn apply_status(&mut self, account: u32, status: Account) -> Applied {
        match self.accounts.get_mut(&account) {
            Some(known) if *known != status => *known = status,
            _ => return Applied::default(),
        }
        let first = Key { account, collection: Collection::Like, rkey: String::new() };
        let after = Key { account: account + 1, ..first.clone() };
        let touched: Vec<Key> = self.entries.range(first..after).map(|(key, _)| key.clone()).collect();
        if status == Account::Deleted {
            for key in &touched {
                self.entries.remove(key);
            }
        }
        Applied { touched, is_news: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::{Parameters, Synth};

    /// Counts given by the stream's definition, which leaves account events aside.
    #[test]
    fn without_account_events_counts_are_those_of_the_definition() {
        let synth = Synth::new(Parameters::default());
        let mut model = Model::default();
        for k in 0..30_000 {
            let event = synth.event(k);
            if matches!(event.body, Body::Commit(_)) {
                model.apply(&event);
            }
        }
        let count = |collection| model.records().filter(|(key, _)| key.collection == collection).count();
        assert_eq!(count(Collection::Like), 600 * 30 - 80 * 27);
        assert_eq!(count(Collection::Post), 120 * 30 - 15 * 27);
        assert_eq!(count(Collection::Follow), 80 * 30 - 15 * 27);
        assert_eq!(count(Collection::Repost), 60 * 30 - 10 * 27);
        assert_eq!(count(Collection::Block), 4 * 30);
        assert_eq!(count(Collection::Note), 3 * 30 + 3);
        let all_but_profiles = model.records().filter(|(key, _)| key.collection != Collection::Profile);
        assert_eq!(all_but_profiles.count(), 22_770 + 3);
    }

    #[test]
    fn a_deleted_account_stays_empty_until_it_is_active_again() {
        let synth = Synth::new(Parameters { accounts: 1, ..Parameters::default() });
        let commits: Vec<Event> =
            (0..100).map(|k| synth.event(k)).filter(|event| matches!(event.body, Body::Commit(_))).collect();
        let becomes = |status| Event { k: 0, account: 0, time_us: 0, body: Body::Account(status) };
        let mut model = Model::default();

        assert_eq!(model.apply(&becomes(Account::Deleted)), Applied::default());
        model.apply(&commits[0]);
        model.apply(&becomes(Account::Deactivated));
        assert!(!model.is_visible(0));
        model.apply(&commits[1]);
        assert_eq!(model.records().count(), 2);

        assert_eq!(model.apply(&becomes(Account::Deleted)).touched.len(), 2);
        assert_eq!(model.apply(&commits[2]), Applied::default());
        assert_eq!(model.records().count(), 0);

        model.apply(&becomes(Account::Active));
        model.apply(&commits[3]);
        assert_eq!(model.records().count(), 1);
        assert!(model.is_visible(0));
    }
}
