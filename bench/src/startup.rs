//! From exec to ready with many records, and what an idle server holds.

use std::time::Duration;

use crate::belvedere::Network;
use crate::library::Library;
use crate::process::megabytes;
use crate::report::{Limit, Report, median};
use crate::stream::{Frames, Pace, StreamServer};

const RUNS: u32 = 10;
/// After so long everything that start-up leaves behind has settled.
const SETTLE: Duration = Duration::from_secs(3);

/// Starts the server again and again.
///
/// # Errors
/// When it does not start or stop.
pub fn run(library: &Library) -> anyhow::Result<Report> {
    let mut report = Report::new(format!("Start-up with {} records, {RUNS} runs", library.records));
    let quiet = StreamServer::start(Frames::default().into(), Pace::Unbounded)?;
    let network = Network::of(quiet.url());
    // The first start warms the page cache and is not counted.
    library.belvedere.serve(network)?.stop()?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let server = library.belvedere.serve(network)?;
        times.push(server.start_up().as_secs_f64() * 1_000.0);
        server.stop()?;
    }
    let server = library.belvedere.serve(network)?;
    std::thread::sleep(SETTLE);
    let memory = megabytes(server.process().anonymous_memory()?);
    server.stop()?;
    report.figure("slowest", times.iter().copied().fold(0.0, f64::max), "ms");
    report.bar("exec to ready line, median", median(times), Limit::AtMost(100.0), "ms");
    report.bar("idle, anonymous memory", memory, Limit::AtMost(30.0), "MB");
    Ok(report)
}
