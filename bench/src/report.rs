//! What a benchmark prints: figures, and bars they must clear.

use std::fmt;

use serde::Serialize;

/// The result of one benchmark.
#[derive(Debug, Serialize)]
pub struct Report {
    /// What was measured.
    pub title: String,
    /// Figures, in the order they are printed.
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

/// A number and the least or most it may be.
#[derive(Debug, Serialize)]
pub struct Bar {
    /// What it is.
    pub name: String,
    /// What was measured.
    pub value: f64,
    /// What is asked.
    pub limit: Limit,
    /// The unit of both.
    pub unit: &'static str,
    /// Whether the bar is cleared.
    pub pass: bool,
}

/// Which side of a number is good.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Limit {
    /// Measured ≥ asked.
    AtLeast(f64),
    /// Measured ≤ asked.
    AtMost(f64),
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), figures: Vec::new(), bars: Vec::new(), faults: Vec::new() }
    }

    /// Adds a figure.
    pub fn figure(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        self.figures.push(Figure { name: name.into(), value, unit });
    }

    /// Adds a wrong result.
    pub fn fault(&mut self, fault: impl Into<String>) {
        self.faults.push(fault.into());
    }

    /// Adds a bar and says whether it is cleared.
    pub fn bar(&mut self, name: impl Into<String>, value: f64, limit: Limit, unit: &'static str) {
        let pass = match limit {
            Limit::AtLeast(least) => value >= least,
            Limit::AtMost(most) => value <= most,
        };
        self.bars.push(Bar { name: name.into(), value, limit, unit, pass });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        let figures = self.figures.iter().map(|figure| figure.name.chars().count());
        let width = figures.chain(self.bars.iter().map(|bar| bar.name.chars().count())).max().unwrap_or(0);
        for Figure { name, value, unit } in &self.figures {
            writeln!(f, "        {name:<width$}  {:>10} {unit}", Rounded(*value))?;
        }
        for Bar { name, value, limit, unit, pass } in &self.bars {
            let verdict = if *pass { "PASS" } else { "MISS" };
            let (relation, asked) = match limit {
                Limit::AtLeast(least) => ("≥", least),
                Limit::AtMost(most) => ("≤", most),
            };
            let (value, asked) = (Rounded(*value), Rounded(*asked));
            writeln!(f, "  {verdict}  {name:<width$}  {value:>10} {unit} ({relation} {asked})")?;
        }
        for fault in &self.faults {
            writeln!(f, "  WRONG {fault}")?;
        }
        Ok(())
    }
}

/// Three significant digits, and all digits before the point.
struct Rounded(f64);

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = match self.0.abs() {
            size if size == 0.0 || size >= 100.0 => 0,
            size if size >= 10.0 => 1,
            size if size >= 1.0 => 2,
            _ => 3,
        };
        f.pad(&format!("{:.decimals$}", self.0))
    }
}

/// The median of some measurements; NaN if there are none.
#[must_use]
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_unstable_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[n / 2],
        n => f64::midpoint(values[n / 2 - 1], values[n / 2]),
    }
}

/// The least of sorted values that is not exceeded by so many percent of them.
#[must_use]
pub fn percentile<T: Copy>(sorted: &[T], percent: usize) -> Option<T> {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_pass_or_miss_with_the_figures() {
        let mut report = Report::new("speed");
        report.figure("rate", 21_234.6, "events/s");
        report.bar("of the limit", 0.512, Limit::AtLeast(0.5), "×");
        report.bar("memory", 31.0, Limit::AtMost(30.0), "MB");
        report.fault("1 missing");
        let expected = "speed\n\
                        \x20       rate               21235 events/s\n\
                        \x20 PASS  of the limit       0.512 × (≥ 0.500)\n\
                        \x20 MISS  memory              31.0 MB (≤ 30.0)\n\
                        \x20 WRONG 1 missing\n";
        assert_eq!(report.to_string(), expected);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert!((median([3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median([4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
        assert!(median([]).is_nan());
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let values: Vec<u32> = (1..=200).collect();
        assert_eq!(percentile(&values, 50), Some(100));
        assert_eq!(percentile(&values, 99), Some(198));
        assert_eq!(percentile(&values[..1], 99), Some(1));
        assert_eq!(percentile::<u32>(&[], 50), None);
    }
}
