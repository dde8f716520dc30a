//! From the stream to durable rows: how fast, at what cost, and whether the result is right.

mod round;
mod scripted;
mod stream;
mod watch;

use std::path::Path;

use crate::process::{Cost, megabytes, to_f64};
use crate::raw::PEER_SHARE;
use crate::report::{Limit, Report, Table, median};
use round::Round;
pub use scripted::run as run_scripted;
use stream::Stream;

/// What to measure.
#[derive(Debug, Clone)]
pub struct Options {
    /// Events of the stream.
    pub events: u32,
    /// How often each measurement is repeated; medians are reported.
    pub rounds: u32,
    /// Whether the server gets compressed events.
    pub compress: bool,
}

/// Runs the benchmark in `dir`, which should be on the disk in question.
///
/// # Errors
/// When something cannot be run; a wrong result is a fault in the report.
pub fn run(binary: &Path, dir: &Path, options: &Options) -> anyhow::Result<Report> {
    let stream = Stream::prepare(options)?;
    let mut report = Report::new(format!(
        "Ingest of {} events ({:.0} bytes each) to durable commit, {}, median of {}",
        stream.events.len(),
        to_f64(stream.frames.size()) / to_f64(stream.events.len()),
        if options.compress { "compressed" } else { "uncompressed" },
        options.rounds,
    ));
    let mut rounds = Vec::new();
    for _ in 0..options.rounds {
        let round = Round::run(&stream, binary, dir)?;
        report.faults.extend(round.server.faults.iter().cloned());
        rounds.push(round);
    }
    figures(&rounds, &mut report);
    bars(&rounds, &mut report);
    Ok(report)
}

/// The middle of a figure over all rounds.
fn middle(rounds: &[Round], figure: impl Fn(&Round) -> f64) -> f64 {
    median(rounds.iter().map(figure))
}

fn figures(rounds: &[Round], report: &mut Report) {
    let middle = |figure: &dyn Fn(&Round) -> f64| middle(rounds, figure);
    let mut speed =
        Table::new("", ["events/s", "processor µs/event", "processor s/100,000", "written kB/event"]);
    let mut row = |name, cost: &dyn Fn(&Round) -> Cost| {
        let cpu_us = middle(&|round| cost(round).cpu_us());
        let written = middle(&|round| cost(round).written_each() / 1e3);
        speed.row(name, [middle(&|round| cost(round).rate()), cpu_us, cpu_us / 10.0, written]);
    };
    row("server", &|round| round.server.cost);
    row("raw insert", &|round| round.raw);
    row("raw insert + JSON + CID", &|round| round.checked);
    row("raw insert into HappyView's tables", &|round| round.peer);
    let peer = middle(&|round| round.peer.rate() * PEER_SHARE);
    speed.row("HappyView: 4 % of that", [peer, f64::NAN, f64::NAN, f64::NAN]);
    report.tables.push(speed);

    let mut memory = Table::new("anonymous memory, MB", ["0-25 %", "25-50 %", "50-75 %", "75-100 %"]);
    let quarter = |at: usize| middle(&|round| megabytes(round.server.memory[at]));
    memory.row("server, most within a quarter", [quarter(0), quarter(1), quarter(2), quarter(3)]);
    report.tables.push(memory);
    report.figure("subscriptions", middle(&|round| to_f64(round.server.subscriptions)), "");
}

/// Ratios are taken within each round, so that a noisy moment touches both sides.
fn bars(rounds: &[Round], report: &mut Report) {
    let middle = |figure: &dyn Fn(&Round) -> f64| middle(rounds, figure);
    let of_limit = middle(&|round| round.server.cost.rate() / round.raw.rate());
    report.bar("server ÷ raw insert", of_limit, Limit::AtLeast(0.5), "×");
    let of_peer = middle(&|round| round.server.cost.rate() / (round.peer.rate() * PEER_SHARE));
    report.bar("server ÷ HappyView", of_peer, Limit::AtLeast(20.0), "×");
    let of_cpu = middle(&|round| round.server.cost.cpu_us() / round.checked.cpu_us());
    report.bar("processor time ÷ raw insert + JSON + CID", of_cpu, Limit::AtMost(2.0), "×");
    let growth = middle(&|round| to_f64(round.server.memory[3]) / to_f64(round.server.memory[1]));
    report.bar("memory, last quarter ÷ second quarter", growth, Limit::AtMost(1.25), "×");
}
