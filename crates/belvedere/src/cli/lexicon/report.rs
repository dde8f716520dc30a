//! What became of the lexicons that were to be added.

use std::io::{self, Write};

use anyhow::Result;
use appview::PutOutcome;
use serde::Serialize;

use super::source::Source;
use crate::failure::Failure;
use crate::output::{Answer, Table};

/// Each source, in one of two lists.
#[derive(Default, Serialize)]
pub(super) struct Report {
    added: Vec<Added>,
    failed: Vec<Failed>,
}

#[derive(Serialize)]
struct Added {
    id: String,
    #[serde(rename = "lexicon_type")]
    kind: &'static str,
    revision: i64,
    source: String,
    /// Whether older records were asked for that this version does not fetch yet.
    history_pending: bool,
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
            Ok(put) => self.added.push(Added::new(source, put)),
            Err(error) => self.failed.push(Failed::new(source, &error)),
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
            history_pending: put.history_pending,
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
        for added in &self.added {
            for warning in &added.warnings {
                writeln!(to, "warning: {}: {warning}", added.id)?;
            }
        }
        if self.added.iter().any(|added| added.history_pending) {
            writeln!(
                to,
                "note: records are indexed from now on; fetching older ones comes with a later version"
            )?;
        }
        self.failed
            .iter()
            .skip(1)
            .try_for_each(|failed| writeln!(to, "failed: {}: {}", failed.source, failed.error))
    }
}
