//! What a benchmark prints: figures, and bars they must clear.

mod bar;
mod number;
mod statistics;
mod table;

use std::fmt;

use serde::Serialize;

pub use bar::{Bar, Limit};
pub use statistics::{median, percentile};
pub use table::{Row, Table};

use number::Rounded;

/// The result of one benchmark.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// What was measured.
    pub title: String,
    /// Figures that belong together.
    pub tables: Vec<Table>,
    /// Single figures.
    pub figures: Vec<Figure>,
    /// What the figures are held against.
    pub bars: Vec<Bar>,
    /// Results that are wrong, however fast they came.
    pub faults: Vec<String>,
}

/// One measured number.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// What it is.
    pub name: String,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// Adds a figure.
    pub fn figure(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        self.figures.push(Figure { name: name.into(), value, unit });
    }

    /// Adds a bar.
    pub fn bar(&mut self, name: impl Into<String>, value: f64, limit: Limit, unit: &'static str) {
        self.bars.push(Bar { name: name.into(), value, limit, unit, pass: limit.allows(value) });
    }

    /// Adds a wrong result.
    pub fn fault(&mut self, fault: impl Into<String>) {
        self.faults.push(fault.into());
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        for table in &self.tables {
            write!(f, "\n{table}")?;
        }
        if !self.tables.is_empty() {
            writeln!(f)?;
        }
        let figures = self.figures.iter().map(|figure| &figure.name);
        let names = figures.chain(self.bars.iter().map(|bar| &bar.name));
        let width = names.map(|name| name.chars().count()).max().unwrap_or(0);
        for Figure { name, value, unit } in &self.figures {
            writeln!(f, "        {name:<width$}  {:>9} {unit}", Rounded(*value))?;
        }
        for bar in &self.bars {
            let verdict = if bar.pass { "PASS" } else { "MISS" };
            let Bar { name, value, limit, unit, .. } = bar;
            writeln!(f, "  {verdict}  {name:<width$}  {:>9} {unit} ({limit})", Rounded(*value))?;
        }
        for fault in &self.faults {
            writeln!(f, "  WRONG {fault}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_pass_or_miss_with_the_figures() {
        let mut report = Report::new("speed");
        let mut table = Table::new("", ["events/s", "µs"]);
        table.row("server", [21_234.6, 35.04]);
        table.row("raw", [41_000.0, f64::NAN]);
        report.tables.push(table);
        report.figure("written", 21.0, "MB");
        report.bar("of the limit", 0.512, Limit::AtLeast(0.5), "×");
        report.bar("memory", 31.0, Limit::AtMost(30.0), "MB");
        report.fault("1 missing");
        let expected = "\
speed

          events/s    µs
  server     21235  35.0
  raw        41000     -

        written            21.0 MB
  PASS  of the limit      0.512 × (≥ 0.500)
  MISS  memory             31.0 MB (≤ 30.0)
  WRONG 1 missing
";
        assert_eq!(report.to_string(), expected);
    }
}
