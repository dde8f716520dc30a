//! The sync app: messages from those who post to those who listen, against one-row commits and against the Happy server.

mod commits;
mod crowd;
mod posts;
mod requests;
mod storm;
mod visitors;

use std::path::Path;
use std::time::Duration;

use crate::belvedere::{Belvedere, Network, Server};
use crate::process::{megabytes, to_f64};
use crate::report::{Limit, Report, Table, median};
use crate::stream::{Frames, Pace, StreamServer};

use posts::{Measured, Workload};
use requests::Peer;

/// After so long everything that a start leaves behind has settled.
const SETTLE: Duration = Duration::from_secs(2);

/// Sockets that say nothing.
const IDLE: usize = 10_000;

/// What it costs to tell ten listeners of a message, in milliseconds of processor time.
const MOST_CPU_MS: f64 = 0.3;

/// How many times as many messages as the Happy server.
const TIMES: f64 = 20.0;

/// Runs the benchmark, so many seconds per workload, or only what has `only` in its name.
///
/// # Errors
/// When something cannot be run; what is lost or out of order is a fault in the report.
pub fn run(binary: &Path, dir: &Path, seconds: u32, only: &str) -> anyhow::Result<Report> {
    let mut report =
        Report::new(format!("Sync: messages of {} bytes, {seconds} s per workload", posts::BYTES));
    let place = tempfile::tempdir_in(dir)?;
    let belvedere = Belvedere::new(binary, &place.path().join("sync"))?;
    let quiet = StreamServer::start(Frames::default().into(), Pace::Unbounded)?;
    let network = Network { apps: "sync", ..Network::of(quiet.url()) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;

    let server = belvedere.serve(network)?;
    std::thread::sleep(SETTLE);
    let fresh = megabytes(server.process().anonymous_memory()?);
    report.bar("memory, fresh", fresh, Limit::AtMost(60.0), "MB");
    runtime.block_on(messages(&server, place.path(), seconds, only, &mut report))?;
    if "requests".contains(only) {
        runtime.block_on(requests::run(&server, seconds, &mut report))?;
    }
    let after = megabytes(server.process().anonymous_memory()?);
    report.bar("memory, after all that", after, Limit::AtMost(100.0), "MB");
    server.stop()?;

    if "idle".contains(only) {
        let server = belvedere.serve(network)?;
        let idle = runtime.block_on(crowd::gather(&server, IDLE))?;
        report.bar(format!("memory, {IDLE} idle sockets"), megabytes(idle), Limit::AtMost(150.0), "MB");
        let asked = std::time::Instant::now();
        server.stop()?;
        report.figure("end with sockets open", asked.elapsed().as_secs_f64() * 1e3, "ms");
    }
    if "storm".contains(only) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(storm::run(binary, &mut report));
    }
    Ok(report)
}

/// The workloads in turn, each beside raw commits, so that a noisy moment touches both.
async fn messages(
    server: &Server<'_>,
    dir: &Path,
    seconds: u32,
    only: &str,
    report: &mut Report,
) -> anyhow::Result<()> {
    let columns = ["messages/s", "p50 ms", "p99 ms", "processor ms", "Happy/s", "times"];
    let mut table = Table::new("", columns);
    let duration = Duration::from_secs(seconds.into());
    let mut rates = Vec::new();
    for workload in Workload::ALL.into_iter().filter(|workload| workload.name.contains(only)) {
        let raw = commits::rate(dir, duration / 2)?;
        let measured = posts::measure(server, workload, duration).await?;
        rates.push(raw);
        report.faults.extend(measured.faults.iter().cloned());
        judge(workload, &measured, raw, report);
        let Measured { rate, p50_ms, p99_ms, cpu_ms, .. } = measured;
        let Peer(peer) = workload.peer;
        table.row(workload.name, [rate, p50_ms, p99_ms, cpu_ms, peer, rate / peer]);
    }
    if !rates.is_empty() {
        report.tables.push(table);
        report.figure("raw commits of one row", median(rates), "/s");
    }
    Ok(())
}

fn judge(workload: Workload, measured: &Measured, raw: f64, report: &mut Report) {
    let Workload { name, posters, listeners, peer: Peer(peer), .. } = workload;
    if (posters, listeners, workload.at_once) == (1, 1, 1) {
        report.bar(format!("{name} ÷ raw commits"), measured.rate / raw, Limit::AtLeast(0.6), "×");
    }
    report.bar(format!("{name} ÷ Happy"), measured.rate / peer, Limit::AtLeast(TIMES), "×");
    if listeners == 10 {
        report.bar(format!("{name}, processor time"), measured.cpu_ms, Limit::AtMost(MOST_CPU_MS), "ms");
    }
    report.figure(format!("{name}, told"), to_f64(measured.told), "messages");
}
