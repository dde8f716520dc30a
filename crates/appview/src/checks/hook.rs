//! Keeping records out that are not what their lexicon says.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use atproto::Nsid;
use atproto::lexicon::Invalid;
use events::{Event, EventLog, kinds};
use futures::future::BoxFuture;
use records::{Decision, IngestHook, RecordAction, RecordEvent};
use serde_json::json;

use crate::{Catalogue, Validation};

/// Events that tell of refused records, at most, per [`PERIOD`]; a stream may bring nothing else.
const TOLD: u32 = 20;

const PERIOD: Duration = Duration::from_secs(10);

/// Refuses records of collections whose lexicon rejects what is wrong. It comes before scripts: what a script puts in the
/// place of a record is the operator's own affair.
pub(crate) struct RecordCheck {
    catalogue: Catalogue,
    events: EventLog,
    told: Mutex<Told>,
}

/// What was told of lately.
struct Told {
    since: Instant,
    events: u32,
    /// Refused since and not told of.
    silent: u64,
}

impl RecordCheck {
    pub(crate) fn new(catalogue: Catalogue, events: EventLog) -> Self {
        Self { catalogue, events, told: Mutex::new(Told { since: Instant::now(), events: 0, silent: 0 }) }
    }

    fn decide_all(&self, batch: &[RecordEvent]) -> Vec<Decision> {
        let known = self.catalogue.known();
        let decide = |event: &RecordEvent| {
            let RecordAction::Put { json, .. } = &event.action else { return Decision::Keep };
            match known.record(event.collection.as_str(), Some(event.rkey.as_str()), json) {
                Some(Err(invalid)) => {
                    metrics::counter!("ingest_dropped_total", "reason" => "invalid_record").increment(1);
                    self.tell(event, &invalid);
                    Decision::Refuse
                }
                Some(Ok(_)) | None => Decision::Keep,
            }
        };
        batch.iter().map(decide).collect()
    }

    /// Says in the event log what was refused and why; of very many, of some.
    fn tell(&self, event: &RecordEvent, invalid: &Invalid) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.since.elapsed() > PERIOD {
            (told.since, told.events) = (Instant::now(), 0);
        }
        if told.events >= TOLD {
            told.silent += 1;
            return;
        }
        told.events += 1;
        let silent = std::mem::take(&mut told.silent);
        drop(told);
        let RecordEvent { did, collection, rkey, .. } = event;
        let mut detail = json!({
            "collection": collection.as_str(), "did": did.as_str(), "rkey": rkey.as_str(),
            "reason": format!("not what the lexicon says: {invalid}"),
        });
        if silent > 0 {
            detail["not_told"] = silent.into();
        }
        let subject = format!("at://{did}/{collection}/{rkey}");
        let skipped = Event::new(kinds::RECORD_SKIPPED).actor(did.as_str()).subject(&subject);
        self.events.record(skipped.detail(detail));
    }
}

impl IngestHook for RecordCheck {
    fn wants(&self, collection: &Nsid) -> bool {
        self.catalogue.validation(collection.as_str()) == Validation::Reject
    }

    fn decide<'a>(&'a self, batch: &'a [RecordEvent]) -> BoxFuture<'a, Result<Vec<Decision>, store::Error>> {
        Box::pin(async move { Ok(self.decide_all(batch)) })
    }
}
