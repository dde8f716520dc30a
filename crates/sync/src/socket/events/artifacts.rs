//! `artifact-read`, `-create`, `-update`, `-delete`.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::Error;
use crate::artifacts::{self, Changes, NewArtifact, Outcome, Part, Read};
use crate::socket::dispatch::Incoming;
use crate::wire::{Label, Opaque};

fn refused(message: &str) -> Value {
    json!({ "result": "error", "message": message })
}

fn failure(error: &Error) -> Value {
    match error {
        Error::Store(_) | Error::Vault(_) | Error::Encoding(_) | Error::Ended => {
            tracing::error!(%error, "an artifact event failed");
            refused("Internal error")
        }
        error => refused(&error.to_string()),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Which {
    artifact_id: Label,
}

pub(in crate::socket) fn read(mut event: Incoming<'_>) {
    let (ack, connection) = (event.ack(), event.connection.clone());
    let Some(Which { artifact_id }) = event.data() else { return ack.send(&refused("Invalid parameters")) };
    event.run(async move {
        let account = connection.account.clone();
        let found = connection.services.relay.list(move |conn| artifacts::find(conn, &account, &artifact_id));
        ack.send(&match found.await {
            Ok(artifact) => json!({ "result": "success", "artifact": Read::from(artifact) }),
            Err(error) => failure(&error),
        });
    });
}

pub(in crate::socket) fn create(mut event: Incoming<'_>) {
    let (ack, connection) = (event.ack(), event.connection.clone());
    let Some(new) = event.data::<NewArtifact>().filter(|new| !new.id.is_empty()) else {
        return ack.send(&refused("Invalid parameters"));
    };
    event.run(async move {
        let account = connection.account.clone();
        let relay = &connection.services.relay;
        let created = relay.write(&connection.account, move |tx| artifacts::create(tx, &account, &new)).await;
        ack.send(&match created {
            Ok(artifact) => json!({ "result": "success", "artifact": Read::from(artifact) }),
            Err(error) => failure(&error),
        });
    });
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    artifact_id: Label,
    #[serde(default)]
    header: Option<Value>,
    #[serde(default)]
    body: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WantedPart {
    data: Opaque,
    expected_version: u32,
}

/// The part, if there is one and it is well-formed.
fn part(value: Option<Value>) -> Result<Option<Part>, ()> {
    let Some(value) = value else { return Ok(None) };
    let part: WantedPart = serde_json::from_value(value).map_err(|_| ())?;
    Ok(Some(Part { data: part.data.into_string(), expected: part.expected_version.into() }))
}

pub(in crate::socket) fn update(mut event: Incoming<'_>) {
    let (ack, connection) = (event.ack(), event.connection.clone());
    let Some(wanted) = event.data::<Wanted>() else { return ack.send(&refused("Invalid parameters")) };
    let id = wanted.artifact_id;
    let changes = match (part(wanted.header), part(wanted.body)) {
        (Ok(None), Ok(None)) => return ack.send(&refused("No updates provided")),
        (Err(()), _) => return ack.send(&refused("Invalid header parameters")),
        (_, Err(())) => return ack.send(&refused("Invalid body parameters")),
        (Ok(header), Ok(body)) => Changes { header, body },
    };
    event.run(async move {
        let (account, wanted) = (connection.account.clone(), changes.clone());
        let relay = &connection.services.relay;
        let update =
            relay.write(&connection.account, move |tx| artifacts::update(tx, &account, &id, &wanted));
        ack.send(&match update.await {
            Ok(outcome) => answer(outcome, changes),
            Err(error) => failure(&error),
        });
    });
}

fn answer(outcome: Outcome, changes: Changes) -> Value {
    let mut answer = Map::new();
    match outcome {
        Outcome::Written { header, body } => {
            answer.insert("result".to_owned(), json!("success"));
            for (name, version, part) in [("header", header, changes.header), ("body", body, changes.body)] {
                if let Some((version, part)) = version.zip(part) {
                    answer.insert(name.to_owned(), json!({ "version": version, "data": part.data }));
                }
            }
        }
        Outcome::Mismatch { header, body } => {
            answer.insert("result".to_owned(), json!("version-mismatch"));
            for (name, now) in [("header", header), ("body", body)] {
                if let Some((version, data)) = now {
                    let current = json!({ "currentVersion": version, "currentData": data });
                    answer.insert(name.to_owned(), current);
                }
            }
        }
    }
    Value::Object(answer)
}

pub(in crate::socket) fn delete(mut event: Incoming<'_>) {
    let (ack, connection) = (event.ack(), event.connection.clone());
    let Some(Which { artifact_id }) = event.data() else { return ack.send(&refused("Invalid parameters")) };
    event.run(async move {
        let account = connection.account.clone();
        let relay = &connection.services.relay;
        let deletion =
            relay.write(&connection.account, move |tx| artifacts::delete(tx, &account, &artifact_id));
        ack.send(&match deletion.await {
            Ok(()) => json!({ "result": "success" }),
            Err(error) => failure(&error),
        });
    });
}
