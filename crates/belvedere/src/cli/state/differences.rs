//! The answer of `belvedere state verify`.

use std::io::{self, Write};

use atproto::Did;
use backfill::verify::{Difference, Kind, Report};
use serde::Serialize;

use crate::output::{Answer, Table, excerpt};

/// As many as fit on a screen; the others are counted. As JSON there are all of them.
const SHOWN: usize = 20;

/// What was compared and what differs.
#[derive(Serialize)]
pub(super) struct Differences {
    repos: u64,
    records: u64,
    missing: usize,
    extra: usize,
    stale: usize,
    differing_repos: usize,
    #[serde(rename = "differences")]
    lines: Vec<Line>,
    unreachable: Vec<Unreachable>,
    /// The jobs that fetch the differing repositories again.
    repaired_by: Vec<String>,
}

#[derive(Serialize)]
struct Line {
    uri: String,
    difference: &'static str,
    cid_here: Option<String>,
    cid_there: Option<String>,
}

#[derive(Serialize)]
struct Unreachable {
    did: String,
    reason: String,
}

impl Differences {
    pub(super) fn new(report: &Report, repaired_by: Vec<String>) -> Self {
        let differences = report.differing.iter();
        let unreachable = report.unreachable.iter();
        Self {
            repos: report.compared,
            records: report.records,
            missing: report.count(Kind::Missing),
            extra: report.count(Kind::Extra),
            stale: report.count(Kind::Stale),
            differing_repos: report.differing.len(),
            lines: differences
                .flat_map(|(did, differences)| {
                    differences.iter().map(|difference| Line::new(did, difference))
                })
                .collect(),
            unreachable: unreachable
                .map(|(did, reason)| Unreachable { did: did.to_string(), reason: reason.clone() })
                .collect(),
            repaired_by,
        }
    }
}

impl Line {
    fn new(did: &Did, difference: &Difference) -> Self {
        let Difference { kind, collection, rkey, here, there } = difference;
        Self {
            uri: format!("at://{did}/{collection}/{rkey}"),
            difference: kind.as_str(),
            cid_here: here.map(|cid| cid.to_string()),
            cid_there: there.map(|cid| cid.to_string()),
        }
    }
}

impl Answer for Differences {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let Self { repos, records, missing, extra, stale, differing_repos, .. } = self;
        writeln!(to, "Compared {repos} repositories with {records} records.")?;
        if self.lines.is_empty() {
            writeln!(to, "Nothing differs.")?;
        } else {
            writeln!(
                to,
                "{differing_repos} differ: {missing} records missing, {extra} extra, {stale} stale.\n"
            )?;
            let mut table = Table::new(["DIFFERENCE", "RECORD"]);
            for line in self.lines.iter().take(SHOWN) {
                table.row([line.difference.to_owned(), line.uri.clone()]);
            }
            write!(to, "{table}")?;
            and_more(to, self.lines.len())?;
        }
        if !self.unreachable.is_empty() {
            writeln!(to, "\n{} could not be read and were not compared:\n", self.unreachable.len())?;
            let mut table = Table::new(["REPOSITORY", "WHY"]);
            for repo in self.unreachable.iter().take(SHOWN) {
                table.row([repo.did.clone(), excerpt(&repo.reason, 120)]);
            }
            write!(to, "{table}")?;
            and_more(to, self.unreachable.len())?;
        }
        for job in &self.repaired_by {
            writeln!(to, "\nThey are fetched again: belvedere backfill watch {job}")?;
        }
        if *differing_repos > 0 && self.repaired_by.is_empty() {
            writeln!(to, "\n--repair fetches them again.")?;
        }
        Ok(())
    }
}

fn and_more(to: &mut dyn Write, all: usize) -> io::Result<()> {
    if all > SHOWN { writeln!(to, "and {} more; --json shows them", all - SHOWN) } else { Ok(()) }
}
