//! History from a simulated network to durable rows: each way of reading it, near and far, and queries meanwhile.

mod differences;
mod job;
mod queries;
mod round;
mod source;

use std::path::Path;
use std::time::Duration;

use crate::limits;
use crate::process::{Cost, megabytes, to_f64};
use crate::raw::PEER_SHARE;
use crate::report::{Limit, Report, Table};
use crate::synth::{Collection, Event, Parameters, Synth};
pub(crate) use differences::differences;
use queries::Queries;
use round::Round;
use source::Source;

/// Whose history it is.
const COLLECTION: Collection = Collection::Note;
const MODES: [&str; 3] = ["pages", "export", "blocks"];
/// What is measured besides a network that answers at once.
const FAR: Duration = Duration::from_millis(50);
/// Events that the limit of the peer's tables is taken with, as in an ingest.
const PEER_EVENTS: i64 = 20_000;

/// What the disk can do, in the same run.
struct Limits {
    raw: Cost,
    peer: Cost,
}

/// Runs the benchmark in `dir`, with at least so many repositories.
///
/// HappyView's backfill (633 to 766 records/s of 100 repositories on 10 hosts) and its ingest reached the same part of the
/// limit of its tables, so it is known here by that part.
///
/// # Errors
/// When something cannot be run; a wrong result is a fault in the report.
pub fn run(binary: &Path, dir: &Path, repos: u32) -> anyhow::Result<Report> {
    let source = Source::start(repos)?;
    let limits = Limits::measure(&source, dir)?;
    let mut report = Report::new(format!("Backfill of {} records on 10 hosts", source.expected.len()));
    // Repositories are made when they are first read, in each way of reading them.
    for mode in MODES {
        Round::run(&source, binary, dir, mode)?;
    }
    let mut rounds = Vec::new();
    for latency in [Duration::ZERO, FAR] {
        source.delay(latency);
        for mode in MODES {
            let round = Round::run(&source, binary, dir, mode)?;
            report.faults.extend(round.faults.iter().cloned());
            rounds.push((format!("{mode}, {} ms", latency.as_millis()), latency, round));
        }
    }
    source.delay(Duration::ZERO);
    let queries = Queries::run(&source, binary, dir, MODES[0])?;
    report.faults.extend(queries.faults.iter().cloned());
    tables(&rounds, &limits, &queries, &mut report);
    bars(&rounds, &limits, &mut report);
    Ok(report)
}

impl Limits {
    fn measure(source: &Source, dir: &Path) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir_in(dir)?;
        let raw = limits::raw_insert(&dir.path().join("raw.db"), &source.batches()?, source.expected.len())?;
        let synth = Synth::new(Parameters::default());
        let events: Vec<Event> = (0..PEER_EVENTS).map(|k| synth.event(k)).collect();
        let peer = limits::peer_insert(&dir.path().join("peer.db"), &synth, &events)?;
        Ok(Self { raw, peer })
    }

    fn of_peer(&self, cost: &Cost) -> f64 {
        cost.rate() / (self.peer.rate() * PEER_SHARE)
    }
}

fn tables(rounds: &[(String, Duration, Round)], limits: &Limits, queries: &Queries, report: &mut Report) {
    let columns = ["records/s", "processor µs/record", "network's own µs", "written kB/record"];
    let mut speed = Table::new("", columns);
    let mut memory = Table::new("anonymous memory, MB", ["0-25 %", "25-50 %", "50-75 %", "75-100 %"]);
    for (name, _, Round { cost, network_cpu, memory: most, .. }) in rounds {
        let network = network_cpu.as_secs_f64() * 1e6 / to_f64(cost.count);
        speed.row(name, [cost.rate(), cost.cpu_us(), network, cost.written_each() / 1e3]);
        // A quarter that passes between two looks has no figure.
        memory.row(name, most.map(|bytes| if bytes == 0 { f64::NAN } else { megabytes(bytes) }));
    }
    for (name, cost) in [("raw insert", limits.raw), ("raw insert into HappyView's tables", limits.peer)] {
        speed.row(name, [cost.rate(), cost.cpu_us(), f64::NAN, cost.written_each() / 1e3]);
    }
    let peer = limits.peer.rate() * PEER_SHARE;
    speed.row("HappyView: 4 % of that", [peer, f64::NAN, f64::NAN, f64::NAN]);

    let mut asked = Table::new("newest 20, 2 clients", ["requests/s", "p50 ms", "p99 ms"]);
    let (rate, p50, p99) =
        (queries.middle(|o| o.rate), queries.middle(|o| o.p50_ms), queries.middle(|o| o.p99_ms));
    asked.row("during a backfill", [rate.0, p50.0, p99.0]);
    asked.row("without", [rate.1, p50.1, p99.1]);
    report.tables.extend([speed, memory, asked]);
    report.figure("slices of half a second during the backfill", to_f64(queries.during.len()), "");
}

fn bars(rounds: &[(String, Duration, Round)], limits: &Limits, report: &mut Report) {
    for (name, latency, Round { cost, memory, .. }) in rounds {
        let ratio = limits.of_peer(cost);
        report.bar(format!("{name}, server ÷ HappyView"), ratio, Limit::AtLeast(10.0), "×");
        if latency.is_zero() {
            report.figure(format!("{name}, server ÷ raw insert"), cost.rate() / limits.raw.rate(), "×");
            let cpu = cost.cpu_us() / limits.raw.cpu_us();
            report.figure(format!("{name}, processor time ÷ raw insert"), cpu, "×");
        }
        let second = if memory[1] == 0 { f64::NAN } else { to_f64(memory[3]) / to_f64(memory[1]) };
        report.bar(format!("{name}, memory, last ÷ second quarter"), second, Limit::AtMost(1.25), "×");
    }
}
