//! Telling the event log of every single record, while somebody wants that.
//!
//! What is told is read from the change log, after the commit: all writes are in there, whoever made them, and none that
//! was rolled back. Only the instance that follows the stream tells, so each change is told once. Of what happens while
//! nobody wants to hear, nothing is told later, except what other instances did in the last moments before.

use std::time::Duration;

use events::{Event, EventLog, kinds};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::{Action, Change, Error, Records};

/// How long a change made by another instance may wait to be told.
const PERIOD: Duration = Duration::from_secs(1);

/// Changes read at a time.
const PAGE: u32 = 500;

/// Tells what happens after change number `told`, until the token is cancelled.
pub(super) async fn narrate(records: Records, log: EventLog, mut told: i64, stop: CancellationToken) {
    let mut committed = records.committed();
    while !stop.is_cancelled() {
        let known = *committed.borrow_and_update();
        if !log.is_verbose() {
            told = told.max(known);
        } else if let Err(error) = tell(&records, &log, &mut told).await {
            tracing::warn!(%error, "events of records will be told later");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            _ = committed.changed() => {}
            () = tokio::time::sleep(PERIOD) => {}
        }
    }
}

async fn tell(records: &Records, log: &EventLog, told: &mut i64) -> Result<(), Error> {
    loop {
        let changes = records.changes(*told, PAGE).await?;
        for change in &changes {
            *told = change.seq;
            if let Some(event) = event(change) {
                log.record(event);
            }
        }
        if changes.len() < PAGE as usize {
            return Ok(());
        }
    }
}

fn event(change: &Change) -> Option<Event> {
    let (kind, operation) = match change.action {
        Action::Create => (kinds::RECORD_CREATED, "create"),
        // Whoever follows these events wants to know of the version, not of its number.
        Action::Update => (kinds::RECORD_CREATED, "update"),
        Action::Delete => (kinds::RECORD_DELETED, "delete"),
        Action::Account => return None,
    };
    let (did, (collection, rkey)) = (&change.did, change.record.as_ref()?);
    let uri = crate::read::uri(did, collection, rkey);
    let detail = json!({ "collection": collection, "did": did, "rkey": rkey, "operation": operation });
    Some(Event::new(kind).actor(did.as_str()).subject(&uri).detail(detail))
}
