//! What became of everything.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::import::kind::Kind;
use crate::cli::import::summary::{LeftBehind, Summary};
use crate::output::Answer;

/// The answer of the command.
#[derive(Serialize)]
pub(super) struct Report {
    #[serde(flatten)]
    summary: Summary,
    /// Whether tokens of the old server are good here.
    tokens_are_good: bool,
    /// Lines of a dump that are no rows.
    strange_lines: u64,
}

impl Report {
    pub(super) fn new(source: &str, dry_run: bool, strange_lines: u64) -> Self {
        Self { summary: Summary::new(source, dry_run), tokens_are_good: false, strange_lines }
    }

    pub(super) fn stays_signed_in(&mut self, tokens_are_good: bool) {
        self.tokens_are_good = tokens_are_good;
    }

    pub(super) fn add(&mut self, kind: Kind) {
        self.summary.add(kind);
    }

    pub(super) fn leave(&mut self, left: LeftBehind) {
        self.summary.leave(left);
    }
}

impl Answer for Report {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        self.summary.write_kinds(to)?;
        if self.strange_lines > 0 {
            writeln!(to, "skipped: {} lines that are no rows of tables", self.strange_lines)?;
        }
        self.summary.write_left(to)?;
        if self.tokens_are_good {
            writeln!(to, "Whoever is signed in at the old server is signed in here.")
        } else {
            writeln!(to, "note: without HANDY_MASTER_SECRET of the old server everybody signs in again")
        }
    }
}
