//! What is done to lexicons, in the event log (spec/appview.md §8.2).

use std::sync::Arc;

use events::{Event, EventLog, Kind};
use serde_json::json;

use super::{Lexicons, Source};

/// A log, and whom to name in it.
#[derive(Clone, Debug)]
pub(super) struct Recorder {
    log: EventLog,
    actor: Option<Arc<str>>,
}

impl Lexicons {
    /// The same table; changes to it are recorded.
    #[must_use]
    pub fn recorded_in(self, log: EventLog) -> Self {
        Self { recorder: Some(Recorder { log, actor: None }), ..self }
    }

    /// The same table; who changes it through this handle is the account with this DID, or nobody who has one.
    #[must_use]
    pub fn on_behalf_of(&self, did: Option<&str>) -> Self {
        let recorder = self.recorder.clone();
        let recorder = recorder.map(|recorder| Recorder { actor: did.map(Into::into), ..recorder });
        Self { recorder, ..self.clone() }
    }

    /// Records a change that is committed.
    pub(super) fn record(&self, kind: Kind, id: &str, revision: i64, source: Source) {
        let Some(Recorder { log, actor }) = &self.recorder else { return };
        let detail = json!({ "revision": revision, "source": source.as_str() });
        log.record(Event::new(kind).actor(actor.as_deref()).subject(id).detail(detail));
    }
}
