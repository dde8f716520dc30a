//! What happens in the network while it runs: written, deleted, moved.

use atproto::{Did, Nsid, RecordKey};
use serde_json::Value;

use super::account::{Account, Former};
use super::clock::now_micros;
use super::repository::Content;
use super::stream::{By, Happening, Said};
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

    /// Another key from now on: the document names it, and the next revision is signed with it.
    pub fn rotate_key(&self, did: &Did) {
        self.world.rotate_key(self.account(did));
    }

    /// Another handle, in the account's document and in DNS; the one before belongs to nobody.
    pub fn set_handle(&self, did: &Did, handle: &str) {
        let before = self.handle(did);
        self.dns.txt(&format!("_atproto.{before}"), &[]);
        self.dns.txt(&format!("_atproto.{handle}"), &[&format!("did={did}")]);
        self.world.set_handle(self.account(did), handle);
    }

    /// The handle that an account's document has.
    #[must_use]
    pub fn handle(&self, did: &Did) -> String {
        self.account(did).state().handle.clone()
    }

    /// The lexicons whose names begin like this (`com.example.demo`) are published by this account, says DNS. They are records of it
    /// like others, in `com.atproto.lexicon.schema`.
    pub fn set_lexicon_authority(&self, group: &str, did: &Did) {
        let name: Vec<_> = group.rsplit('.').collect();
        self.dns.txt(&format!("_lexicon.{}", name.join(".")), &[&format!("did={did}")]);
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
        let change = account.commit(&mut state, changes, now_micros());
        let rev = change.rev.to_string();
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
        self.stream.publish(&By::of(account, &state), events.collect(), vec![Said::Commit(change)]);
        rev
    }

    fn set_standing(&self, account: &Account, standing: Standing) {
        let mut state = account.state();
        if state.standing == standing {
            return;
        }
        let was_deleted = state.standing.status() == Some("deleted");
        if standing.status() == Some("deleted") {
            account.erase(&mut state);
        }
        state.standing = standing;
        let status = standing.status();
        let mut events = vec![Happening::Account { status }];
        let mut said = vec![Said::Account { host: state.host, status, is_relayed: true }];
        if standing.is_active() {
            events.push(Happening::Identity { handle: state.handle.clone() });
            said.push(Said::Identity { handle: state.handle.clone() });
            if was_deleted {
                // Whoever comes back begins anew, after all that was.
                account.commit(&mut state, Vec::new(), now_micros());
            }
            said.push(account.sync(&mut state));
        }
        self.stream.publish(&By::of(account, &state), events, said);
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
        let handle = state.handle.clone();
        let events =
            vec![Happening::Identity { handle: handle.clone() }, Happening::Account { status: None }];
        let left = match former {
            Former::Deactivated => "deactivated",
            Former::Forgotten => "deleted",
        };
        let said = vec![
            Said::Identity { handle },
            Said::Account { host: to, status: None, is_relayed: true },
            account.sync(&mut state),
            // A relay passes on what the host says that the document names, and nobody else.
            Said::Account { host: from, status: Some(left), is_relayed: false },
        ];
        self.stream.publish(&By::of(account, &state), events, said);
    }

    fn rotate_key(&self, account: &Account) {
        let mut state = account.state();
        Account::change_key(&mut state);
        account.commit(&mut state, Vec::new(), now_micros());
        let handle = state.handle.clone();
        let said = vec![Said::Identity { handle: handle.clone() }, account.sync(&mut state)];
        self.stream.publish(&By::of(account, &state), vec![Happening::Identity { handle }], said);
    }

    fn set_handle(&self, account: &Account, handle: &str) {
        let mut state = account.state();
        handle.clone_into(&mut state.handle);
        let (event, said) =
            (Happening::Identity { handle: handle.to_owned() }, Said::Identity { handle: handle.to_owned() });
        self.stream.publish(&By::of(account, &state), vec![event], vec![said]);
    }
}
