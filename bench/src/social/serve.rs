//! The server under load: how much memory it takes with half a million follows.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use store::{Store, StoreConfig};

use super::fill;
use crate::belvedere::{Belvedere, Network};
use crate::http::{Load, Outcome};
use crate::process::megabytes;
use crate::report::{Limit, Report, Table};

/// Thoughts that are there.
const THOUGHTS: i64 = 100_000;

/// Those who call at once.
const CONNECTIONS: usize = 32;

/// What the server is called outside.
const PUBLIC_URL: &str = "https://social.example.com";

/// Runs it for so many seconds with each kind of request.
///
/// # Errors
/// When the server does not start, or a request is refused.
pub(super) fn run(binary: &Path, dir: &Path, seconds: u32) -> anyhow::Result<Report> {
    let folder = tempfile::tempdir_in(dir)?;
    let belvedere = Belvedere::new(binary, folder.path())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let network = Network { apps: "social", public_url: Some(PUBLIC_URL), ..Network::of("ws://127.0.0.1:9") };
    // The server makes its tables itself, those of its other parts, too.
    belvedere.serve(network)?.stop()?;
    runtime.block_on(async {
        let schemas =
            [appview::schemas(), vec![&sync::SCHEMA, &social::SCHEMA], registry::schemas()].concat();
        let store = Store::open(&StoreConfig::sqlite(folder.path()), &schemas).await?;
        anyhow::Ok(fill::fill(&store.state, THOUGHTS).await?)
    })?;
    let server = belvedere.serve(network)?;
    let (address, process) = (server.address(), server.process());
    let mut report = Report::new(format!(
        "Microblog served: {THOUGHTS} thoughts, {} people, {} follows, {CONNECTIONS} connections",
        fill::PEOPLE,
        fill::FOLLOWS
    ));
    let mut table = Table::new("load", ["answers/s", "median ms", "p99 ms", "MB afterwards"]);
    let memory = || Ok::<_, anyhow::Error>(megabytes(process.anonymous_memory()?));
    report.figure("memory before", memory()?, "MB");
    let mut most: f64 = 0.0;
    for (name, requests) in [("home", homes(address)), ("posts", posts(address)), ("notes", notes(address))] {
        let duration = Duration::from_secs(seconds.into());
        let load = Load {
            address,
            server: process,
            requests: &requests,
            connections: CONNECTIONS,
            duration,
            once: false,
        };
        let Outcome { rate, p50_ms, p99_ms, .. } = runtime.block_on(load.run())?;
        let after = memory()?;
        most = most.max(after);
        table.row(name, [rate, p50_ms, p99_ms, after]);
    }
    report.tables.push(table);
    report.bar("memory", most, Limit::AtMost(150.0), "MB");
    server.stop()?;
    Ok(report)
}

/// Everybody who has a key, in turn.
fn readers() -> impl Iterator<Item = (i64, String)> {
    (1..=fill::KEYS).map(|number| (number, format!("x-api-key: {}\r\n", fill::key(number))))
}

fn homes(address: SocketAddr) -> Vec<Vec<u8>> {
    let get = |(_, key): (i64, String)| {
        format!("GET /social/feed HTTP/1.1\r\nhost: {address}\r\n{key}\r\n").into_bytes()
    };
    readers().map(get).collect()
}

fn posts(address: SocketAddr) -> Vec<Vec<u8>> {
    let post = |(number, key): (i64, String)| {
        let body = format!(r#"{{"content":"Post of reader {number} #bench"}}"#);
        let length = body.len();
        format!(
            "POST /social/thoughts HTTP/1.1\r\nhost: {address}\r\n{key}content-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    };
    readers().map(post).collect()
}

fn notes(address: SocketAddr) -> Vec<Vec<u8>> {
    let get = |number: i64| {
        format!(
            "GET /thoughts/{} HTTP/1.1\r\nhost: {address}\r\naccept: application/activity+json\r\n\r\n",
            fill::uuid(number)
        )
        .into_bytes()
    };
    (0..THOUGHTS).filter(|number| number % 2 == 1).take(5_000).map(get).collect()
}
