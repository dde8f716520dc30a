//! What the event log hears of the stream and of its records (spec/appview.md §8.2).

use events::{Event, EventLog, Severity, kinds};
use serde_json::json;

use crate::{RecordEvent, Rejection};

/// Something about one record of the stream.
pub(super) struct Report<'a> {
    pub(super) log: &'a EventLog,
    pub(super) did: &'a str,
    pub(super) collection: &'a str,
    pub(super) rkey: &'a str,
}

impl<'a> Report<'a> {
    pub(super) fn on(log: &'a EventLog, event: &'a RecordEvent) -> Self {
        Self {
            log,
            did: event.did.as_str(),
            collection: event.collection.as_str(),
            rkey: event.rkey.as_str(),
        }
    }

    /// It does not pass for a record, or is not what its author signed.
    pub(super) fn rejected(&self, rejection: &Rejection) {
        let kind = match rejection {
            Rejection::CidMismatch { .. } => kinds::RECORD_CID_MISMATCH,
            Rejection::Data(_) => kinds::RECORD_SKIPPED,
        };
        self.record(Event::new(kind), "reason", &rejection.to_string());
    }

    /// A hook decided against it.
    pub(super) fn vetoed(&self) {
        self.record(Event::new(kinds::RECORD_SKIPPED), "reason", "a hook decided so");
    }

    /// The database does not take it.
    pub(super) fn refused(&self, error: &crate::Error) {
        let event = Event::new(kinds::RECORD_SKIPPED).severity(Severity::Error);
        self.record(event, "error", &error.to_string());
    }

    fn record(&self, event: Event, key: &str, why: &str) {
        let Self { log, did, collection, rkey } = self;
        let uri = crate::read::uri(did, collection, rkey);
        let detail = json!({ "collection": collection, "did": did, "rkey": rkey, key: why });
        log.record(event.actor(*did).subject(&uri).detail(detail));
    }
}
