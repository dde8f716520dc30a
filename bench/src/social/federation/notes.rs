//! One note that many servers ask for, and the route of the shell that does nothing.

use std::time::Duration;

use anyhow::{Context, ensure};

use super::home::Home;
use crate::belvedere::Server;
use crate::http::{Connection, Load};
use crate::report::Table;

/// Readers at once.
const READERS: usize = 16;

/// Answers per second.
pub(super) struct Read {
    pub(super) nothing: f64,
    pub(super) note: f64,
    pub(super) unchanged: f64,
}

pub(super) async fn run(
    server: &Server<'_>,
    home: &Home,
    seconds: u32,
    table: &mut Table,
) -> anyhow::Result<Read> {
    let note = format!("/thoughts/{}", home.write(server, "What many read").await?);
    let get = |path: &str, more: &str| {
        let address = server.address();
        format!("GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: application/activity+json\r\n{more}\r\n")
            .into_bytes()
    };
    let mut connection = Connection::open(server.address()).await?;
    let answer = connection.send(&get(&note, "")).await?;
    ensure!(
        answer.status == 200 && answer.body.starts_with(b"{"),
        "the note is answered with {}",
        answer.status
    );
    let etag = answer.field("etag").context("a note without an etag")?;
    let again = get(&note, &format!("if-none-match: {etag}\r\n"));
    ensure!(connection.send(&again).await?.status == 304, "the same note is another");
    let mut rates = Vec::new();
    for (name, request) in
        [("nothing (/health)", get("/health", "")), ("note", get(&note, "")), ("note, unchanged", again)]
    {
        let load = Load {
            address: server.address(),
            server: server.process(),
            requests: &[request],
            connections: READERS,
            duration: Duration::from_secs(seconds.into()),
            once: false,
        };
        let outcome = load.run().await?;
        table.row(name, [outcome.rate, outcome.cpu_us, outcome.p50_ms, outcome.p99_ms]);
        rates.push(outcome.rate);
    }
    Ok(Read { nothing: rates[0], note: rates[1], unchanged: rates[2] })
}
