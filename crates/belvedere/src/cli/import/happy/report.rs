//! What became of everything.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::import::kind::Kind;
use crate::output::{Answer, Table};

/// The answer of the command.
#[derive(Serialize)]
pub(super) struct Report {
    source: String,
    dry_run: bool,
    /// Whether tokens of the old server are good here.
    tokens_are_good: bool,
    /// Lines of a dump that are no rows.
    strange_lines: u64,
    kinds: Vec<Kind>,
    left_behind: Vec<LeftBehind>,
}

/// What does not come along.
#[derive(Serialize)]
pub(super) struct LeftBehind {
    pub(super) what: &'static str,
    pub(super) rows: u64,
    pub(super) why: &'static str,
}

impl Report {
    pub(super) fn new(source: &str, dry_run: bool, strange_lines: u64) -> Self {
        let source = source.to_owned();
        Self {
            source,
            dry_run,
            tokens_are_good: false,
            strange_lines,
            kinds: Vec::new(),
            left_behind: Vec::new(),
        }
    }

    pub(super) fn stays_signed_in(&mut self, tokens_are_good: bool) {
        self.tokens_are_good = tokens_are_good;
    }

    pub(super) fn add(&mut self, kind: Kind) {
        self.kinds.push(kind);
    }

    pub(super) fn leave(&mut self, left: LeftBehind) {
        if left.rows > 0 {
            self.left_behind.push(left);
        }
    }
}

impl Answer for Report {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let shown = self.source.replace(char::is_control, " ");
        if self.dry_run {
            writeln!(to, "This is what importing {shown} would do; nothing was changed.")?;
        } else {
            writeln!(to, "Imported {shown}.")?;
        }
        let mut table = Table::new(["KIND", "IMPORTED", "ALREADY HERE", "REPLACED", "SKIPPED"]);
        for kind in self.kinds.iter().filter(|kind| !kind.is_empty()) {
            let [imported, here, replaced, skipped] = kind.counts().map(|count| count.to_string());
            table.row([kind.name().to_owned(), imported, here, replaced, skipped]);
        }
        write!(to, "{table}")?;
        self.kinds.iter().try_for_each(|kind| kind.write_details(to))?;
        if self.strange_lines > 0 {
            writeln!(to, "skipped: {} lines that are no rows of tables", self.strange_lines)?;
        }
        for LeftBehind { what, rows, why } in &self.left_behind {
            writeln!(to, "left behind: {rows} {what}: {why}")?;
        }
        if self.tokens_are_good {
            writeln!(to, "Whoever is signed in at the old server is signed in here.")
        } else {
            writeln!(to, "note: without HANDY_MASTER_SECRET of the old server everybody signs in again")
        }
    }
}
