//! What became of everything.

use std::io::{self, Write};

use serde::Serialize;

use super::kind::Kind;
use crate::cli::import::summary::{LeftBehind, Summary};
use crate::output::Answer;

/// The answer of the command.
#[derive(Serialize)]
pub(super) struct Report {
    #[serde(flatten)]
    summary: Summary,
    /// Collections whose records are fetched again.
    collections: Vec<String>,
    /// The job that does.
    backfill_job: Option<String>,
}

impl Report {
    pub(super) fn new(source: &str, dry_run: bool) -> Self {
        Self { summary: Summary::new(source, dry_run), collections: Vec::new(), backfill_job: None }
    }

    pub(super) fn is_rehearsal(&self) -> bool {
        self.summary.is_rehearsal()
    }

    pub(super) fn add(&mut self, kind: Kind) {
        self.summary.add(kind);
    }

    pub(super) fn leave(&mut self, left: LeftBehind) {
        self.summary.leave(left);
    }

    pub(super) fn fetch(&mut self, collections: Vec<String>, job: Option<String>) {
        (self.collections, self.backfill_job) = (collections, job);
    }
}

impl Answer for Report {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        self.summary.write_kinds(to)?;
        self.summary.write_left(to)?;
        match (&self.backfill_job, self.collections.len()) {
            (_, 0) => Ok(()),
            (Some(job), count) => {
                writeln!(to, "The records of {count} collections are fetched: belvedere backfill watch {job}")
            }
            (None, count) => {
                writeln!(to, "The records of {count} collections would be fetched from the network.")
            }
        }
    }
}
