//! The durable database beside the program, as the program's own parts read it.

use events::{EventLog, Query};
use serde_json::{Value, json};
use store::{Database, Schema};

use crate::place::Place;

/// Opens the durable database of a place where a command has made it.
pub(crate) async fn state_of(place: &Place) -> Database {
    place.database.open(&schemas()).await.state
}

/// The tables of every app.
pub(crate) fn schemas() -> Vec<&'static Schema> {
    [appview::schemas(), vec![&sync::SCHEMA, &social::SCHEMA], registry::schemas()].concat()
}

/// Type, subject and detail of all that is in the event log, oldest first.
pub(crate) async fn event_log(place: &Place) -> Vec<Value> {
    let (log, _writer) = EventLog::open(&state_of(place).await, None);
    let page = log.query(Query { limit: 1000, ..Query::default() }).await.unwrap();
    let told = page.events.into_iter().rev().map(|event| {
        assert_eq!(event.actor_did, None, "commands act for nobody");
        let detail: Value = serde_json::from_str(&event.detail).unwrap();
        json!([event.event_type, event.subject, detail])
    });
    told.collect()
}
