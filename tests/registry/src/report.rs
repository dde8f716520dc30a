//! What was checked and how it went.

use std::fmt;

use anyhow::Error;

/// All checks, in the order in which they were made.
#[derive(Debug, Default)]
pub struct Report {
    checks: Vec<Check>,
}

/// One of them.
#[derive(Debug)]
pub struct Check {
    /// What was checked, `uploads, in chunks, sha512: the digest header`.
    pub name: String,
    /// How it went.
    pub outcome: Outcome,
}

/// How a check went.
#[derive(Debug)]
pub enum Outcome {
    /// As it should.
    Pass,
    /// The server does not do that, and need not.
    Skip(String),
    /// Not as it should, and why.
    Fail(String),
}

/// Why a check says nothing about the server: it does not do that, and need not.
#[derive(Debug)]
pub(crate) struct Optional(pub(crate) &'static str);

impl std::error::Error for Optional {}

impl fmt::Display for Optional {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Checks that belong together.
pub(crate) struct Group<'r> {
    report: &'r mut Report,
    name: String,
}

impl Report {
    /// What went wrong.
    pub fn failures(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| matches!(check.outcome, Outcome::Fail(_)))
    }

    /// What the server does not do.
    pub fn skipped(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| matches!(check.outcome, Outcome::Skip(_)))
    }

    /// How many checks were made.
    #[must_use]
    pub fn count(&self) -> usize {
        self.checks.len()
    }

    pub(crate) fn group(&mut self, name: impl Into<String>) -> Group<'_> {
        Group { report: self, name: name.into() }
    }
}

impl Group<'_> {
    /// Makes a check and hands on what it found, if it passed.
    pub(crate) async fn check<T>(
        &mut self,
        what: impl fmt::Display,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Option<T> {
        let result = work.await;
        let name = format!("{}: {what}", self.name);
        let (outcome, found) = match result {
            Ok(found) => (Outcome::Pass, Some(found)),
            Err(error) if error.is::<Optional>() => (Outcome::Skip(error.to_string()), None),
            Err(error) => (Outcome::Fail(format!("{error:#}")), None),
        };
        self.report.checks.push(Check { name, outcome });
        found
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Check { name, outcome } in &self.checks {
            match outcome {
                Outcome::Pass => {}
                Outcome::Skip(why) => writeln!(f, "  SKIP  {name}: {why}")?,
                Outcome::Fail(why) => writeln!(f, "  FAIL  {name}: {why}")?,
            }
        }
        let (failed, skipped) = (self.failures().count(), self.skipped().count());
        let passed = self.count() - failed - skipped;
        write!(f, "{} checks: {passed} passed, {skipped} skipped, {failed} failed", self.count())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[tokio::test]
    async fn every_outcome_is_told_apart() {
        let mut report = Report::default();
        let mut group = report.group("ranges");
        assert_eq!(group.check("whole", async { Ok(7) }).await, Some(7));
        let none: Option<()> = group.check("parts", async { Err(Optional("no parts").into()) }).await;
        assert_eq!(none, None);
        let none: Option<()> = group.check("end", async { Err(anyhow!("500").context("GET")) }).await;
        assert_eq!(none, None);
        let expected = "  SKIP  ranges: parts: no parts\n  FAIL  ranges: end: GET: 500\n\
            3 checks: 1 passed, 1 skipped, 1 failed";
        assert_eq!(report.to_string(), expected);
    }
}
