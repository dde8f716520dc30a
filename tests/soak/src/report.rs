//! What many runs came to.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::{Kind, Outcome};

/// Runs, by scenario and kind of database.
#[derive(Debug, Default)]
pub struct Report {
    rows: BTreeMap<(usize, &'static str, Kind), Row>,
    failures: Vec<Outcome>,
}

#[derive(Debug, Default)]
struct Row {
    runs: u32,
    failed: u32,
    all: Duration,
    longest: Duration,
}

impl Report {
    /// Takes in a run of the scenario of this number.
    pub fn add(&mut self, number: usize, outcome: Outcome) {
        let row = self.rows.entry((number, outcome.scenario, outcome.kind)).or_default();
        row.runs += 1;
        row.all += outcome.took;
        row.longest = row.longest.max(outcome.took);
        if outcome.failure.is_some() {
            row.failed += 1;
            self.failures.push(outcome);
        }
    }

    /// How many runs there were, and how many of them failed.
    #[must_use]
    pub fn counts(&self) -> (u32, u32) {
        self.rows.values().fold((0, 0), |(runs, failed), row| (runs + row.runs, failed + row.failed))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<14} {:<9} {:>5} {:>7} {:>8} {:>8}",
            "scenario", "engine", "runs", "failed", "mean", "longest"
        )?;
        for ((_, name, kind), row) in &self.rows {
            let mean = row.all.as_secs_f64() / f64::from(row.runs);
            let longest = row.longest.as_secs_f64();
            writeln!(
                f,
                "{name:<14} {kind:<9} {:>5} {:>7} {mean:>7.1}s {longest:>7.1}s",
                row.runs, row.failed
            )?;
        }
        let (runs, failed) = self.counts();
        writeln!(f, "{runs} runs, {failed} failed")?;
        for failure in &self.failures {
            let first = failure.failure.as_deref().unwrap_or_default().lines().next().unwrap_or_default();
            writeln!(f, "{}\n  {first}", failure.again())?;
        }
        Ok(())
    }
}
