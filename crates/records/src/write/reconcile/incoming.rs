//! A part after everybody who decides has been asked.

use std::ops::Bound;

use atproto::{Cid, Did, Nsid, RecordKey, Tid};
use remote::Found;

use crate::event::RecordEvent;
use crate::{RecordAction, now_micros};

/// A [`remote::Part`] whose records are what is to be stored of them.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    pub(super) did: Did,
    pub(super) collection: Nsid,
    pub(super) rev: Tid,
    pub(super) asked_at: i64,
    pub(super) keys: (Bound<RecordKey>, Bound<RecordKey>),
    pub(super) records: Vec<IncomingRecord>,
}

/// One record of it.
#[derive(Clone, Debug)]
pub(super) struct IncomingRecord {
    pub(super) rkey: RecordKey,
    /// As its author signed it.
    pub(super) cid: Cid,
    pub(super) action: RecordAction,
}

impl IncomingRecord {
    pub(super) fn new(found: Found) -> Self {
        let Found { rkey, json, cid, refs } = found;
        Self { rkey, cid, action: RecordAction::Put { json, cid: Some(cid), refs } }
    }

    pub(super) fn event(&self, part: &Incoming, now: i64) -> RecordEvent {
        RecordEvent {
            made_at: made_at(&self.rkey, now),
            ..part.event(self.rkey.clone(), self.action.clone(), now)
        }
    }
}

impl Incoming {
    /// That the record is not there any more. `None` if the key is none, which no row's is.
    pub(super) fn deletion(&self, rkey: &str, now: i64) -> Option<RecordEvent> {
        RecordKey::parse(rkey).ok().map(|rkey| self.event(rkey, RecordAction::Delete, now))
    }

    fn event(&self, rkey: RecordKey, action: RecordAction, now: i64) -> RecordEvent {
        let (did, collection) = (self.did.clone(), self.collection.clone());
        RecordEvent { did, collection, rkey, rev: self.rev, seen_at: now, made_at: None, action }
    }
}

/// When a record was made, by its key: most keys are TIDs. A key can lie about the past, not about the future.
pub(in crate::write) fn made_at(rkey: &RecordKey, now: i64) -> Option<i64> {
    Tid::parse(rkey.as_str()).ok().map(|tid| tid.timestamp_micros().min(now))
}

impl Incoming {
    /// The records as events, for whoever decides about them.
    pub(super) fn events(&self) -> impl Iterator<Item = RecordEvent> {
        let now = now_micros();
        self.records.iter().map(move |record| record.event(self, now))
    }
}
