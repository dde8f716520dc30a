//! Asking for single records, and looking at the answers.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use futures::future::try_join_all;
use serde_json::Value;

use super::METHOD;
use crate::belvedere::{QUERY, Server};
use crate::http::{Connection, Load, Outcome, request};

/// Clients that ask for what is here.
const CLIENTS: usize = 16;
const SLICE: Duration = Duration::from_secs(1);

/// A record at the source.
pub(super) struct Record {
    target: String,
    uri: String,
    content: Value,
}

impl Record {
    pub(super) fn new(uri: &str, content: &Value) -> Self {
        Self { target: format!("/xrpc/{QUERY}?uri={uri}"), uri: uri.to_owned(), content: content.clone() }
    }

    /// Whether that is the answer. Blobs get a URL on the way, so objects are left to the comparison of CIDs in the index.
    fn is(&self, body: &[u8]) -> bool {
        let answer: Value = serde_json::from_slice(body).unwrap_or_default();
        let record = &answer["record"];
        let mut fields = self.content.as_object().into_iter().flatten();
        record["uri"] == self.uri.as_str()
            && fields.all(|(name, value)| value.is_object() || record[name] == *value)
    }
}

/// Asks for one after the other; the microseconds that each took.
pub(super) async fn misses(server: &Server<'_>, records: &[Record]) -> anyhow::Result<Vec<u32>> {
    let mut connection = Connection::open(server.address()).await?;
    let mut micros = Vec::with_capacity(records.len());
    for record in records {
        micros.push(ask(&mut connection, server, record).await?);
    }
    Ok(micros)
}

/// Asks the source itself, as the server does on a miss; the microseconds that each answer took.
pub(super) async fn source(host: SocketAddr, records: &[Record]) -> anyhow::Result<Vec<u32>> {
    let mut connection = Connection::open(host).await?;
    let mut micros = Vec::with_capacity(records.len());
    for Record { uri, .. } in records {
        let mut parts = uri.trim_start_matches("at://").split('/');
        let (Some(did), Some(collection), Some(rkey)) = (parts.next(), parts.next(), parts.next()) else {
            bail!("not a record: {uri}");
        };
        let target = format!("/xrpc/{METHOD}?did={did}&collection={collection}&rkey={rkey}");
        let sent = Instant::now();
        let answer = connection.send(&request(host, &target)).await?;
        micros.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
        anyhow::ensure!(answer.status == 200, "status {} for {target} at the source", answer.status);
    }
    Ok(micros)
}

/// So many ask for the same one at once.
pub(super) async fn crowd(server: &Server<'_>, record: &Record, size: usize) -> anyhow::Result<()> {
    let mut connections = Vec::with_capacity(size);
    for _ in 0..size {
        connections.push(Connection::open(server.address()).await?);
    }
    try_join_all(connections.iter_mut().map(|connection| ask(connection, server, record))).await?;
    Ok(())
}

/// Asks for what is here by now, one slice after the other.
pub(super) async fn hits(
    server: &Server<'_>,
    records: &[Record],
    seconds: u32,
) -> anyhow::Result<Vec<Outcome>> {
    let address = server.address();
    let requests: Vec<Vec<u8>> = records.iter().map(|record| request(address, &record.target)).collect();
    let mut outcomes = Vec::new();
    for _ in 0..seconds {
        let load = Load {
            address,
            server: server.process(),
            requests: &requests,
            connections: CLIENTS,
            duration: SLICE,
            once: false,
        };
        outcomes.push(load.run().await.with_context(|| server.log())?);
    }
    Ok(outcomes)
}

async fn ask(connection: &mut Connection, server: &Server<'_>, record: &Record) -> anyhow::Result<u32> {
    let sent = Instant::now();
    let answer = connection.send(&request(server.address(), &record.target)).await?;
    let micros = u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX);
    if answer.status != 200 || !record.is(answer.body) {
        let body = String::from_utf8_lossy(answer.body);
        bail!("status {} for {}: {body}; {}", answer.status, record.target, server.log());
    }
    Ok(micros)
}
