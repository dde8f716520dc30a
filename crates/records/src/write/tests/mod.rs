//! The rules of writing, on both engines, against a model that is too simple to be wrong.

mod convergence;
mod local;
mod local_sequences;
mod model;
mod reconcile;
mod rules;
mod sequences;

use std::sync::Arc;

use atproto::{Did, Nsid, RecordKey, Tid};
use serde_json::json;
use store::Store;

use super::{Applied, Batch, apply};
use crate::event::Event;
use crate::{RecordAction, RecordEvent, Records, RepoStatus};

pub(super) const BASE: i64 = 1_700_000_000_000_000;

pub(super) fn did(account: u8) -> Did {
    Did::parse(&format!("did:plc:account{account}")).unwrap()
}

pub(super) fn collection(number: u8) -> Nsid {
    Nsid::parse(&format!("com.example.kind{number}")).unwrap()
}

pub(super) fn rkey(number: u8) -> RecordKey {
    RecordKey::parse(&format!("key{number}")).unwrap()
}

/// Revision number `n`; they grow with it.
pub(super) fn rev(n: u32) -> Tid {
    Tid::new(BASE + i64::from(n), 0).unwrap()
}

/// A record whose content tells its revision and which refers to a target of its own and a common one.
pub(super) fn put(account: u8, kind: u8, key: u8, n: u32) -> Event {
    let record = json!({"n": n, "subject": format!("at://target/{n}"), "root": {"uri": "at://common"}});
    record_event(account, kind, key, n, RecordAction::put(record.to_string().as_bytes(), None).unwrap())
}

pub(super) fn delete(account: u8, kind: u8, key: u8, n: u32) -> Event {
    record_event(account, kind, key, n, RecordAction::Delete)
}

pub(super) fn status(account: u8, status: RepoStatus) -> Event {
    Event::Account { did: did(account), status, seen_at: BASE }
}

pub(super) fn record_event(account: u8, kind: u8, key: u8, n: u32, action: RecordAction) -> Event {
    Event::Record(RecordEvent {
        did: did(account),
        collection: collection(kind),
        rkey: rkey(key),
        rev: rev(n),
        seen_at: BASE + i64::from(n),
        made_at: None,
        action,
    })
}

/// Applies events in one transaction.
pub(super) async fn commit(store: &Store, events: Vec<Event>) -> Applied {
    let batch = Arc::new(Batch { events, guard: None, advance: None, projections: Arc::new([]) });
    store.index.write(move |conn| apply(conn, &batch)).await.unwrap()
}

pub(super) fn records(store: &Store) -> Records {
    Records::new(store, Vec::new())
}
