//! What a comparison found.

use atproto::Did;

use super::{Difference, Kind};

/// What was found about one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepoReport {
    /// The repository.
    pub did: Did,
    /// How it went.
    pub verdict: Verdict,
}

/// How the comparison of one repository went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was compared.
    Compared {
        /// Records in the repository.
        records: u64,
        /// What differs, and differed a moment before.
        differences: Vec<Difference>,
    },
    /// It could not be read.
    Unreachable {
        /// Why, in words.
        reason: String,
    },
}

/// What was found about all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Repositories that were compared.
    pub compared: u64,
    /// Records in them.
    pub records: u64,
    /// Those that differ, and how.
    pub differing: Vec<(Did, Vec<Difference>)>,
    /// Those that could not be read, and why.
    pub unreachable: Vec<(Did, String)>,
}

impl Report {
    /// Notes what was found about a repository.
    pub fn add(&mut self, report: RepoReport) {
        match report.verdict {
            Verdict::Unreachable { reason } => self.unreachable.push((report.did, reason)),
            Verdict::Compared { records, differences } => {
                self.compared += 1;
                self.records += records;
                if !differences.is_empty() {
                    self.differing.push((report.did, differences));
                }
            }
        }
    }

    /// Records that differ in this way.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        let differences = self.differing.iter().flat_map(|(_, differences)| differences);
        differences.filter(|difference| difference.kind == kind).count()
    }
}
