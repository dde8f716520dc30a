//! Records that are fetched because somebody asks for them: what a miss adds to the question at the source, what a hit
//! costs afterwards, and that a crowd asks once.

mod ask;

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use atproto::Nsid;
use testkit::sim::{Behaviour, Place, Plan, Requests, Sim};

use crate::backfill::differences;
use crate::belvedere::{Belvedere, Network};
use crate::process::to_f64;
use crate::report::{Limit, Report, Table, median, percentile};
use crate::synth::Collection;
use ask::{Record, crowd, hits, misses, source};

const COLLECTION: Collection = Collection::Note;
const ACCOUNTS: usize = 20;
const RECORDS: u32 = 20;
/// How long the source takes.
const LATENCY: Duration = Duration::from_millis(20);
/// How long it takes when a crowd asks: longer than the crowd needs to come.
const CROWD_LATENCY: Duration = Duration::from_secs(1);
const CROWD: usize = 1_000;
const METHOD: &str = "com.atproto.sync.getRecord";

/// Runs the benchmark; hits are asked for so many seconds.
///
/// # Errors
/// When something cannot be run; a wrong answer is a fault in the report.
pub fn run(binary: &Path, dir: &Path, seconds: u32) -> anyhow::Result<Report> {
    let collection = Nsid::parse(COLLECTION.nsid())?;
    let plan = Plan::normal(2, 1, ACCOUNTS, std::slice::from_ref(&collection), RECORDS);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let sim = runtime.block_on(Sim::start(plan));
    let expected = sim.expected(&[collection]);
    let records: Vec<Record> = expected.iter().map(|(uri, right)| Record::new(uri, &right.json)).collect();
    let dir = tempfile::tempdir_in(dir)?;
    let belvedere = Belvedere::new(binary, &dir.path().join("server"))?;
    belvedere.add_collections(&[COLLECTION])?;
    belvedere.add_query(COLLECTION)?;
    let (stream, plc) = (sim.jetstream(), sim.plc());
    let server = belvedere.serve(Network { plc: plc.as_str(), ..Network::of(stream.as_str()) })?;

    let mut report = Report::new(format!("Read-through, {} ms to the source", LATENCY.as_millis()));
    // The first record of each account finds out whose host it is; the last of all is for the crowd.
    let size = usize::try_from(RECORDS)?;
    let (first, mut rest): (Vec<_>, Vec<_>) =
        records.into_iter().enumerate().partition(|(number, _)| number % size == 0);
    let last = rest.pop().map(|(_, record)| record);
    let without_numbers =
        |records: Vec<(usize, Record)>| records.into_iter().map(|(_, record)| record).collect::<Vec<_>>();
    let (first, rest) = (without_numbers(first), without_numbers(rest));
    runtime.block_on(misses(&server, &first))?;
    sim.behave(Place::Host(0), Behaviour::Latency(LATENCY));
    let host = *sim.host(0).socket_addrs(|| None)?.first().context("no address of the source")?;
    let mut direct = runtime.block_on(source(host, &rest))?;
    sim.forget_requests();
    let mut micros = runtime.block_on(misses(&server, &rest))?;
    miss_figures(&mut micros, &mut direct, &sim.requests(), &mut report);

    let outcomes = runtime.block_on(hits(&server, &rest, seconds))?;
    let mut table = Table::new("hits, 16 clients", ["requests/s", "p50 ms", "p99 ms", "processor µs"]);
    let middle = |figure: fn(&crate::http::Outcome) -> f64| median(outcomes.iter().map(figure));
    let cpu = middle(|o| o.cpu_us);
    table.row(
        "a record that was fetched",
        [middle(|o| o.rate), middle(|o| o.p50_ms), middle(|o| o.p99_ms), cpu],
    );
    report.tables.push(table);
    report.bar("hit, processor time", cpu, Limit::AtMost(100.0), "µs");

    sim.behave(Place::Host(0), Behaviour::Latency(CROWD_LATENCY));
    sim.forget_requests();
    if let Some(last) = last {
        runtime.block_on(crowd(&server, &last, CROWD))?;
    }
    let asked = sim.requests().at(Place::Host(0));
    report.figure(
        format!("questions at the source for {CROWD} misses of one record at once"),
        to_f64(usize::try_from(asked)?),
        "",
    );
    if asked != 1 {
        report
            .fault(format!("{CROWD} misses of one record asked {asked} times: {:?}", sim.requests().counts));
    }
    server.stop()?;
    report.faults.extend(differences(&belvedere.index(), &expected)?);
    Ok(report)
}

/// The source's own part is what it takes to answer the same questions when they are asked without a server.
fn miss_figures(micros: &mut [u32], direct: &mut [u32], requests: &Requests, report: &mut Report) {
    micros.sort_unstable();
    direct.sort_unstable();
    let at = |sorted: &[u32], percent| percentile(sorted, percent).map_or(f64::NAN, |at| f64::from(at) / 1e3);
    let mut table = Table::new("misses, one after the other", ["p50 ms", "p99 ms"]);
    table.row("answered after", [at(micros, 50), at(micros, 99)]);
    table.row("the source itself", [at(direct, 50), at(direct, 99)]);
    report.tables.push(table);
    let beyond = at(micros, 50) - at(direct, 50);
    report.bar("miss, beyond the source, p50", beyond, Limit::AtMost(2.0), "ms");
    if requests.of(METHOD) != micros.len() as u64 || requests.at(Place::Host(0)) != micros.len() as u64 {
        report.fault(format!("{} misses asked {:?}", micros.len(), requests.counts));
    }
}
