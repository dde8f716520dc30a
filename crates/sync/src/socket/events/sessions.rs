//! `update-metadata` and `update-state`: the fields of a session.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::field::Outcome;
use crate::sessions::{Field, update};
use crate::socket::connection::Connection;
use crate::socket::dispatch::Incoming;
use crate::wire::{Label, Opaque};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MetadataChange {
    sid: Label,
    metadata: Opaque,
    expected_version: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StateChange {
    sid: Label,
    /// `null` removes it. It must be there: one that is forgotten removes nothing.
    #[serde(deserialize_with = "Option::deserialize")]
    agent_state: Option<Opaque>,
    expected_version: i64,
}

pub(in crate::socket) fn metadata(mut event: Incoming<'_>) {
    let change = event.data::<MetadataChange>().map(|it| Change {
        session: it.sid,
        field: Field::Metadata,
        value: Some(it.metadata),
        expected: it.expected_version,
    });
    answer(event, "metadata", change);
}

pub(in crate::socket) fn state(mut event: Incoming<'_>) {
    let change = event.data::<StateChange>().map(|it| Change {
        session: it.sid,
        field: Field::AgentState,
        value: it.agent_state,
        expected: it.expected_version,
    });
    answer(event, "agentState", change);
}

struct Change {
    session: Label,
    field: Field,
    value: Option<Opaque>,
    expected: i64,
}

fn answer(mut event: Incoming<'_>, name: &'static str, change: Option<Change>) {
    let (ack, connection) = (event.ack(), event.connection.clone());
    let Some(change) = change else { return ack.send(&json!({ "result": "error" })) };
    event.run(async move { ack.send(&carry_out(&connection, name, change).await) });
}

async fn carry_out(connection: &Connection, name: &'static str, change: Change) -> Value {
    let account = connection.account.clone();
    let session: Arc<str> = (&*change.session).into();
    let bytes = change.value.as_ref().map_or(0, |value| value.len());
    let outcome = connection.services.relay.write_little(&connection.account, bytes, move |tx| {
        update(tx, &account, &session, change.field, change.value.as_deref(), change.expected)
    });
    match outcome.await {
        Ok(Outcome { written, version, value }) => {
            let result = if written { "success" } else { "version-mismatch" };
            json!({ "result": result, "version": version, name: value })
        }
        Err(error) => {
            tracing::debug!(%error, "the field of a session was not written");
            json!({ "result": "error" })
        }
    }
}
