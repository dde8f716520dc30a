//! What a script that sees every record costs the ingest.

use std::path::Path;

use anyhow::Context;

use super::Options;
use super::round::{Ingested, ingest};
use super::stream::Stream;
use crate::report::{Limit, Report, Table, median};

/// Looks at the record and keeps it.
const SCRIPT: &str = "function handle() return record == nil or record[\"$type\"] ~= nil end";

/// Runs the stream through servers without and with a script, in turn.
///
/// # Errors
/// When something cannot be run; a wrong result is a fault in the report.
pub fn run(binary: &Path, dir: &Path, options: &Options) -> anyhow::Result<Report> {
    let stream = Stream::prepare(options)?;
    let mut report = Report::new(format!(
        "Ingest of {} events, each shown to a script or not, median of {}",
        stream.events.len(),
        options.rounds,
    ));
    let (mut plain, mut scripted) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let dir = tempfile::tempdir_in(dir).context("making a folder for the databases")?;
        plain.push(ingest(&stream, binary, &dir.path().join("plain"), None)?);
        scripted.push(ingest(&stream, binary, &dir.path().join("scripted"), Some(SCRIPT))?);
    }
    report.faults.extend(plain.iter().chain(&scripted).flat_map(|round| round.faults.iter().cloned()));
    let mut table = Table::new("", ["events/s", "processor µs/event"]);
    for (name, rounds) in [("without a script", &plain), ("with a script", &scripted)] {
        let middle = |figure: fn(&Ingested) -> f64| median(rounds.iter().map(figure));
        table.row(name, [middle(|round| round.cost.rate()), middle(|round| round.cost.cpu_us())]);
    }
    report.tables.push(table);
    let added = plain.iter().zip(&scripted).map(|(plain, with)| with.cost.cpu_us() - plain.cost.cpu_us());
    report.bar("a script adds, processor time per event", median(added), Limit::AtMost(30.0), "µs");
    Ok(report)
}
