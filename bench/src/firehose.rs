//! Commits of a relay, each proven: against checking their signatures and nothing else.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use atproto::crypto::PrivateKey;
use atproto::{Nsid, RecordKey};
use rusqlite::Connection;
use serde_json::json;
use testkit::sim::{Outlet, Plan, Sim, Write};

use crate::belvedere::{Belvedere, Network, Server};
use crate::process::{Cost, megabytes, to_f64};
use crate::report::{Limit, Report, Table};
use crate::synth::Collection;
use crate::verify;

/// Whose commits they are, and how many records each has before them: a tree of a usual depth.
const ACCOUNTS: usize = 100;
const RECORDS: u32 = 100;

/// Of a commit as a host makes it when somebody writes one thing.
const MESSAGE: usize = 200;

const COLLECTION: Collection = Collection::ALL[0];

/// Between two looks, and how long nothing may happen.
const LOOK: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_mins(1);

/// Lets a server catch up with `commits` commits of one record each.
///
/// # Errors
/// When something cannot be run; a wrong result is a fault in the report.
pub fn run(binary: &Path, dir: &Path, commits: u32) -> anyhow::Result<Report> {
    let runtime = tokio::runtime::Runtime::new().context("threads")?;
    runtime.block_on(measure(binary, dir, commits))
}

async fn measure(binary: &Path, dir: &Path, commits: u32) -> anyhow::Result<Report> {
    let dir = tempfile::tempdir_in(dir).context("making a folder for the databases")?;
    let nsid = Nsid::parse(COLLECTION.nsid()).context("the collection")?;
    let sim = Sim::start(Plan::normal(1, 1, ACCOUNTS, std::slice::from_ref(&nsid), RECORDS)).await;
    let belvedere = Belvedere::new(binary, dir.path())?;
    belvedere.add_collections(&[COLLECTION])?;
    let (relay, plc) = (sim.outlet(Outlet::Relay(0)), sim.plc());
    let settings = [("FIREHOSE_URL", relay.as_str().trim_end_matches('/'))];
    let network = Network { plc: plc.as_str(), settings: &settings, ..Network::of("ws://127.0.0.1:9") };

    // It has to know where to go on from.
    let server = belvedere.serve(network)?;
    while sim.subscribers_of(Outlet::Relay(0)) == 0 {
        tokio::time::sleep(LOOK).await;
    }
    let accounts = sim.accounts();
    let first = write(&sim, &accounts[0], &nsid, 0)?;
    let index = verify::open(&belvedere.index())?;
    until(&server, &index, 1)?;
    server.stop()?;
    for number in 1..commits {
        let account = &accounts[number as usize % accounts.len()];
        write(&sim, account, &nsid, number)?;
    }

    let began = Instant::now();
    let server = belvedere.serve(network)?;
    let memory = until(&server, &index, i64::from(commits))?;
    let (wall, cpu) = (began.elapsed(), server.process().cpu()?);
    let (written, count) = (server.process().written()?, commits as usize - 1);
    let ingested = Cost { wall, cpu, written, count };
    server.stop()?;
    let signatures = signatures(count)?;

    let mut report = Report::new(format!("{count} commits of a relay, each of one record and proven"));
    let mut speed = Table::new("", ["commits/s", "processor µs/commit"]);
    speed.row("server", [ingested.rate(), ingested.cpu_us()]);
    speed.row("one core, signatures alone", [signatures.rate(), signatures.cpu_us()]);
    report.tables.push(speed);
    let each_core = 1e6 / ingested.cpu_us();
    report.figure("commits per second of one core", each_core, "");
    report.figure("anonymous memory at most", megabytes(memory), "MB");
    let ratio = ingested.cpu_us() / signatures.cpu_us();
    report.bar("processor time ÷ signatures alone", ratio, Limit::AtMost(4.0), "×");
    let stored: i64 =
        index.query_row("SELECT count(*) FROM record_rows WHERE visible = 1", [], |row| row.get(0))?;
    if stored != i64::from(commits) {
        report.fault(format!("{stored} records of {commits} are here, the first {first}"));
    }
    Ok(report)
}

fn write(sim: &Sim, did: &atproto::Did, collection: &Nsid, number: u32) -> anyhow::Result<String> {
    let text = format!("{number} ").repeat(20);
    let record =
        json!({ "$type": collection.as_str(), "text": text, "createdAt": "2026-01-01T00:00:00.000Z" });
    let rkey = RecordKey::parse(&format!("k{number:08}")).context("a key")?;
    let write = Write { collection: collection.clone(), rkey, record: Some(record) };
    Ok(sim.commit(did, &[write]))
}

/// Waits until so many records are there; the most anonymous memory meanwhile, in bytes.
fn until(server: &Server<'_>, index: &Connection, records: i64) -> anyhow::Result<usize> {
    let (mut memory, mut seen, mut progress) = (0, 0, Instant::now());
    let mut count = index.prepare("SELECT count(*) FROM record_rows")?;
    while seen < records {
        std::thread::sleep(LOOK);
        memory = memory.max(server.process().anonymous_memory()?);
        let now: i64 = count.query_row([], |row| row.get(0))?;
        if now > seen {
            (seen, progress) = (now, Instant::now());
        } else if progress.elapsed() > PATIENCE {
            bail!(
                "the server stands still after {} of {records} records; {}",
                to_f64(usize::try_from(seen)?),
                server.log()
            );
        }
    }
    Ok(memory)
}

/// The limit: as many signatures of accounts, checked one after the other.
fn signatures(count: usize) -> anyhow::Result<Cost> {
    let key = PrivateKey::generate_k256();
    let message = [7; MESSAGE];
    let signature = key.sign(&message);
    Cost::of(count, || {
        for _ in 0..count {
            key.public().verify(std::hint::black_box(&message), &signature)?;
        }
        Ok(())
    })
}
