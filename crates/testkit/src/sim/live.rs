//! What happens in the network while it runs: written, deleted, moved.

use atproto::{Did, Nsid, RecordKey};
use serde_json::Value;

use super::account::{Account, Former};
use super::clock::now_micros;
use super::repository::Content;
use super::stream::Happening;
use super::world::World;
use super::{Expected, Sim, Standing};

/// One write of a commit.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// The collection written to.
    pub collection: Nsid,
    /// The record's key.
    pub rkey: RecordKey,
    /// The record; `None` deletes it.
    pub record: Option<Value>,
}

impl Sim {
    /// Writes a record, new or in place of another, as a commit of its own; returns its CID.
    pub fn write(&self, did: &Did, collection: &Nsid, rkey: &RecordKey, record: Value) -> String {
        let cid = Content::of(&record).cid.to_string();
        self.commit(
            did,
            &[Write { collection: collection.clone(), rkey: rkey.clone(), record: Some(record) }],
        );
        cid
    }

    /// Deletes a record, as a commit of its own.
    pub fn delete(&self, did: &Did, collection: &Nsid, rkey: &RecordKey) {
        self.commit(did, &[Write { collection: collection.clone(), rkey: rkey.clone(), record: None }]);
    }

    /// Several writes as one commit: one event each on the stream, all of the same revision. What changes nothing is left out;
    /// if nothing is left, there is no commit. Returns the revision.
    pub fn commit(&self, did: &Did, writes: &[Write]) -> String {
        self.world.commit(self.account(did), writes)
    }

    /// Makes an account something else, with its event on the stream. Records come back with the account, unless it was
    /// deleted.
    pub fn set_standing(&self, did: &Did, standing: Standing) {
        self.world.set_standing(self.account(did), standing);
    }

    /// The owner deactivates the account.
    pub fn deactivate(&self, did: &Did) {
        self.set_standing(did, Standing::Deactivated);
    }

    /// The owner activates it again.
    pub fn activate(&self, did: &Did) {
        self.set_standing(did, Standing::Active);
    }

    /// The owner deletes it, with all records.
    pub fn delete_account(&self, did: &Did) {
        self.set_standing(did, Standing::Deleted);
    }

    /// Moves an account to another host: its document names the new host and a new key, its repository has a new commit there,
    /// signed with it, an identity event is on the stream. The old host says `RepoDeactivated`, or `RepoNotFound` if it
    /// has forgotten the account already (every other account).
    pub fn migrate(&self, did: &Did, to: usize) {
        self.world.migrate(self.account(did), to);
    }

    /// Whether the account's host answers 500 to whatever is asked about it, while others there are served. Until that ends,
    /// the account is [`unreachable`](Self::unreachable).
    pub fn set_broken(&self, did: &Did, broken: bool) {
        self.account(did).state().broken = broken;
    }
}

impl World {
    pub(super) fn commit(&self, account: &Account, writes: &[Write]) -> String {
        let mut state = account.state();
        assert!(state.standing.is_active(), "{} is not active and cannot write", account.did);
        let model = &mut account.history(&mut state).model;
        let mut changes = Vec::new();
        let mut happenings = Vec::new();
        for Write { collection, rkey, record } in writes {
            let uri = format!("at://{}/{collection}/{rkey}", account.did);
            let content = record.as_ref().map(Content::of);
            let expected = record
                .as_ref()
                .zip(content.as_ref())
                .map(|(record, content)| Expected { cid: content.cid.to_string(), json: record.clone() });
            let before = model.get(&uri);
            if before == expected.as_ref() {
                continue;
            }
            let operation = match (before, &expected) {
                (None, _) => "create",
                (Some(_), Some(_)) => "update",
                (Some(_), None) => "delete",
            };
            match expected {
                Some(expected) => model.insert(uri, expected),
                None => model.remove(&uri),
            };
            changes.push((format!("{collection}/{rkey}"), content.clone()));
            happenings.push((operation, collection.clone(), rkey.to_string(), content));
        }
        if changes.is_empty() {
            return state.rev.to_string();
        }
        let rev = account.commit(&mut state, changes, now_micros()).to_string();
        let mut directory = self.directory();
        for (_, collection, _, content) in &happenings {
            if content.is_some() {
                directory.see(collection, account.number);
            }
        }
        drop(directory);
        let events = happenings.into_iter().map(|(operation, collection, rkey, content)| Happening::Record {
            rev: rev.clone(),
            operation,
            collection,
            rkey,
            content,
        });
        self.stream.publish(account.did.as_str(), events.collect());
        rev
    }

    fn set_standing(&self, account: &Account, standing: Standing) {
        let mut state = account.state();
        if state.standing == standing {
            return;
        }
        if standing.status() == Some("deleted") {
            account.erase(&mut state);
        }
        state.standing = standing;
        let mut events = vec![Happening::Account { status: standing.status() }];
        if standing.is_active() {
            events.push(Happening::Identity { handle: account.handle.clone() });
        }
        self.stream.publish(account.did.as_str(), events);
    }

    pub(super) fn migrate(&self, account: &Account, to: usize) {
        let mut state = account.state();
        let from = state.host;
        if from == to {
            return;
        }
        let former = if account.number.is_multiple_of(2) { Former::Deactivated } else { Former::Forgotten };
        state.former.insert(from, former);
        state.former.remove(&to);
        state.host = to;
        Account::change_key(&mut state);
        account.commit(&mut state, Vec::new(), now_micros());
        let events =
            vec![Happening::Identity { handle: account.handle.clone() }, Happening::Account { status: None }];
        self.stream.publish(account.did.as_str(), events);
    }
}
