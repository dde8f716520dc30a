//! What became of everything, whoever it came from.

use std::io::{self, Write};

use serde::Serialize;

use super::kind::Kind;
use crate::output::Table;

/// The part that all answers of imports have.
#[derive(Serialize)]
pub(super) struct Summary {
    source: String,
    dry_run: bool,
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

impl Summary {
    pub(super) fn new(source: &str, dry_run: bool) -> Self {
        Self { source: source.to_owned(), dry_run, kinds: Vec::new(), left_behind: Vec::new() }
    }

    pub(super) fn is_rehearsal(&self) -> bool {
        self.dry_run
    }

    pub(super) fn add(&mut self, kind: Kind) {
        self.kinds.push(kind);
    }

    pub(super) fn leave(&mut self, left: LeftBehind) {
        if left.rows > 0 {
            self.left_behind.push(left);
        }
    }

    /// What was imported from where, and what was not.
    pub(super) fn write_kinds(&self, to: &mut dyn Write) -> io::Result<()> {
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
        self.kinds.iter().try_for_each(|kind| kind.write_details(to))
    }

    /// What stays there.
    pub(super) fn write_left(&self, to: &mut dyn Write) -> io::Result<()> {
        for LeftBehind { what, rows, why } in &self.left_behind {
            writeln!(to, "left behind: {rows} {what}: {why}")?;
        }
        Ok(())
    }
}
