//! Whether the answers are right, before it is measured how fast they come.

use std::net::SocketAddr;

use anyhow::Context;
use serde_json::{Map, Value, json};

use super::question;
use crate::http::{Connection, request};
use crate::library::{COLLECTION, Library};

/// Records and authors that are asked for.
const SAMPLES: i64 = 50;

/// What is wrong with a server's answers about a library.
pub(super) async fn answers(library: &Library, address: SocketAddr) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut connection = Connection::open(address).await?;
    for i in 0..SAMPLES {
        let k = library.any(i);
        let answer = ask(&mut connection, address, &question::get(&library.uri(k))).await?;
        let expected = json!({ "record": record(library, k)? });
        if answer != expected {
            faults.push(format!("get: expected {expected}, found {answer}"));
        }
        let account = library.synth.account(k);
        let answer = ask(&mut connection, address, &question::of_author(library.synth.did(account))).await?;
        let own = library.newest_first().filter(|&k| library.synth.account(k) == account);
        faults.extend(list(library, &answer, own.take(20))?);
    }
    let answer = ask(&mut connection, address, &question::newest()).await?;
    faults.extend(list(library, &answer, library.newest_first().take(20))?);
    Ok(faults)
}

async fn ask(connection: &mut Connection, address: SocketAddr, target: &str) -> anyhow::Result<Value> {
    let answer = connection.send(&request(address, target)).await?;
    serde_json::from_slice(answer.body)
        .with_context(|| format!("{target}: {} {}", answer.status, String::from_utf8_lossy(answer.body)))
}

/// Compares a list; whether there is a cursor depends on whether there is more, and is not looked at here.
fn list(
    library: &Library,
    answer: &Value,
    expected: impl Iterator<Item = i64>,
) -> anyhow::Result<Option<String>> {
    let expected = expected.map(|k| record(library, k)).collect::<anyhow::Result<Vec<_>>>()?;
    let found = answer.get("records").and_then(Value::as_array);
    Ok((found != Some(&expected)).then(|| format!("list: expected {expected:?}, found {answer}")))
}

/// Record k as queries return it: its fields and its URI.
fn record(library: &Library, k: i64) -> anyhow::Result<Value> {
    let mut fields: Map<String, Value> = serde_json::from_str(&library.synth.record(k, COLLECTION).json)?;
    fields.insert("uri".to_owned(), Value::String(library.uri(k)));
    Ok(Value::Object(fields))
}
