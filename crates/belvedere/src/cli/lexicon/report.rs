//! What became of the lexicons that were to be added.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use anyhow::Result;
use appview::{PutOutcome, References};
use atproto::Nsid;
use serde::Serialize;

use super::source::Source;
use crate::failure::Failure;
use crate::output::{Answer, Table};

/// Each source, in one of two lists.
#[derive(Default, Serialize)]
pub(super) struct Report {
    added: Vec<Added>,
    failed: Vec<Failed>,
    /// Lexicons that were added because others refer to them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    references: BTreeSet<String>,
    /// Those that were not, and why.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    skipped: BTreeMap<String, String>,
    /// Collections whose records from before are to be fetched.
    #[serde(skip)]
    history_wanted: Vec<Nsid>,
}

#[derive(Serialize)]
struct Added {
    id: String,
    #[serde(rename = "lexicon_type")]
    kind: &'static str,
    revision: i64,
    source: String,
    /// The job that fetches the collection's records from before.
    #[serde(skip_serializing_if = "Option::is_none")]
    backfill_job: Option<String>,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct Failed {
    source: String,
    error: String,
    #[serde(skip)]
    help: &'static str,
}

impl Report {
    pub(super) fn note(&mut self, source: &Source, outcome: Result<PutOutcome>) {
        match outcome {
            Ok(put) => {
                self.history_wanted.extend(put.history_wanted.then(|| put.id.clone()));
                self.added.push(Added::new(source, put));
            }
            Err(error) => self.failed.push(Failed::new(source, &error)),
        }
    }

    pub(super) fn note_references(&mut self, references: References) {
        self.references.extend(references.found.iter().map(|found| found.nsid.to_string()));
        self.skipped.extend(references.skipped);
    }

    pub(super) fn history_wanted(&self) -> &[Nsid] {
        &self.history_wanted
    }

    /// Notes which job fetches the history that is wanted.
    pub(super) fn note_history(&mut self, job: &str) {
        for added in &mut self.added {
            if self.history_wanted.iter().any(|nsid| nsid.as_str() == added.id) {
                added.backfill_job = Some(job.to_owned());
            }
        }
    }

    /// Fails if anything did; the first failure stands for all.
    pub(super) fn result(self) -> Result<()> {
        match self.failed.into_iter().next() {
            None => Ok(()),
            Some(first) => Err(Failure::new(format!("{}: {}", first.source, first.error), first.help).into()),
        }
    }
}

impl Added {
    fn new(source: &Source, put: PutOutcome) -> Self {
        Self {
            id: put.id.to_string(),
            kind: put.kind.as_str(),
            revision: put.revision,
            source: source.to_string(),
            backfill_job: None,
            warnings: put.warnings,
        }
    }
}

impl Failed {
    fn new(source: &Source, error: &anyhow::Error) -> Self {
        let help = match source {
            Source::Network(_) => {
                "check the name; `belvedere doctor` shows whether the network can be reached"
            }
            Source::File(_) | Source::Stdin => "correct the lexicon and add it again",
        };
        Self { source: source.to_string(), error: format!("{error:#}"), help }
    }
}

impl Answer for Report {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if !self.added.is_empty() {
            let mut table = Table::new(["ID", "TYPE", "REVISION", "FROM"]);
            for added in &self.added {
                let (kind, revision) = (added.kind.to_owned(), added.revision.to_string());
                table.row([added.id.clone(), kind, revision, added.source.clone()]);
            }
            write!(to, "{table}")?;
        }
        for reference in &self.references {
            writeln!(to, "note: {reference} was added, too")?;
        }
        for (reference, why) in &self.skipped {
            writeln!(to, "note: {reference} was not added: {why}")?;
        }
        for added in &self.added {
            for warning in &added.warnings {
                writeln!(to, "warning: {}: {warning}", added.id)?;
            }
        }
        if let Some(job) = self.added.iter().find_map(|added| added.backfill_job.as_deref()) {
            writeln!(to, "note: older records arrive, too; watch them: belvedere backfill watch {job}")?;
        }
        self.failed
            .iter()
            .skip(1)
            .try_for_each(|failed| writeln!(to, "failed: {}: {}", failed.source, failed.error))
    }
}
