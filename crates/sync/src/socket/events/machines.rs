//! `machine-update-metadata` and `machine-update-state`: the fields of a machine.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Error;
use crate::field::Outcome;
use crate::machines::{Field, update};
use crate::socket::connection::Connection;
use crate::socket::dispatch::Incoming;
use crate::wire::{Label, Opaque};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MetadataChange {
    machine_id: Label,
    metadata: Opaque,
    expected_version: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StateChange {
    machine_id: Label,
    daemon_state: Opaque,
    expected_version: i64,
}

struct Change {
    machine: Label,
    field: Field,
    value: Opaque,
    expected: i64,
}

pub(in crate::socket) fn metadata(mut event: Incoming<'_>) {
    let change = event.data::<MetadataChange>().map(|it| Change {
        machine: it.machine_id,
        field: Field::Metadata,
        value: it.metadata,
        expected: it.expected_version,
    });
    answer(event, "metadata", change);
}

pub(in crate::socket) fn state(mut event: Incoming<'_>) {
    let change = event.data::<StateChange>().map(|it| Change {
        machine: it.machine_id,
        field: Field::DaemonState,
        value: it.daemon_state,
        expected: it.expected_version,
    });
    answer(event, "daemonState", change);
}

fn answer(mut event: Incoming<'_>, name: &'static str, change: Option<Change>) {
    let (ack, connection) = (event.ack(), event.connection.clone());
    let Some(change) = change else {
        return ack.send(&json!({ "result": "error", "message": "Invalid parameters" }));
    };
    event.run(async move { ack.send(&carry_out(&connection, name, change).await) });
}

async fn carry_out(connection: &Connection, name: &'static str, change: Change) -> Value {
    let account = connection.account.clone();
    let machine: Arc<str> = (&*change.machine).into();
    let bytes = change.value.len();
    let outcome = connection.services.relay.write_little(&connection.account, bytes, move |tx| {
        update(tx, &account, &machine, change.field, &change.value, change.expected)
    });
    match outcome.await {
        Ok(Outcome { written, version, value }) => {
            let result = if written { "success" } else { "version-mismatch" };
            json!({ "result": result, "version": version, name: value })
        }
        Err(Error::NotFound(_)) => json!({ "result": "error", "message": "Machine not found" }),
        Err(error) => {
            tracing::error!(%error, "the field of a machine was not written");
            json!({ "result": "error", "message": "Internal error" })
        }
    }
}
