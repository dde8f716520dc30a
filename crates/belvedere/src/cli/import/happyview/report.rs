//! What became of everything.

use std::io::{self, Write};

use accounts::Imported;
use serde::Serialize;

use super::run::Taken;
use crate::output::{Answer, Table};

/// So many items of a kind are listed with why they were skipped; further ones are counted.
const MAX_LISTED: usize = 1000;

/// So many are printed for people.
const MAX_PRINTED: usize = 20;

/// The answer of the command.
#[derive(Serialize)]
pub(super) struct Report {
    source: String,
    dry_run: bool,
    kinds: Vec<Kind>,
    left_behind: Vec<LeftBehind>,
    /// Collections whose records are fetched again.
    collections: Vec<String>,
    /// The job that does.
    backfill_job: Option<String>,
}

/// All items of one kind.
#[derive(Serialize)]
pub(super) struct Kind {
    kind: &'static str,
    imported: u64,
    already_here: u64,
    replaced: u64,
    skipped: u64,
    skips: Vec<Skip>,
    notes: Vec<Note>,
}

#[derive(Serialize)]
struct Skip {
    item: String,
    reason: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    help: String,
}

#[derive(Serialize)]
struct Note {
    item: String,
    note: String,
}

/// What does not come along.
#[derive(Serialize)]
pub(super) struct LeftBehind {
    pub(super) what: &'static str,
    pub(super) rows: u64,
    pub(super) why: &'static str,
}

impl Kind {
    pub(super) fn new(kind: &'static str) -> Self {
        Self {
            kind,
            imported: 0,
            already_here: 0,
            replaced: 0,
            skipped: 0,
            skips: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.kind
    }

    pub(super) fn note_taken(&mut self, item: &str, taken: Taken) {
        match taken {
            Taken::Done(Imported::Added) => self.imported += 1,
            Taken::Done(Imported::Kept) => self.already_here += 1,
            Taken::Done(Imported::Replaced) => self.replaced += 1,
            Taken::Skipped { reason, help } => self.skip(item, reason, help),
        }
    }

    pub(super) fn skip(&mut self, item: &str, reason: String, help: String) {
        self.skipped += 1;
        if self.skips.len() < MAX_LISTED {
            self.skips.push(Skip { item: item.to_owned(), reason, help });
        }
    }

    /// Says something about an item that was taken over.
    pub(super) fn note(&mut self, item: &str, note: impl Into<String>) {
        if self.notes.len() < MAX_LISTED {
            self.notes.push(Note { item: item.to_owned(), note: note.into() });
        }
    }

    fn is_empty(&self) -> bool {
        self.imported + self.already_here + self.replaced + self.skipped == 0
    }

    fn write_details(&self, to: &mut dyn Write) -> io::Result<()> {
        let plain = |text: &str| text.replace(char::is_control, " ");
        for Skip { item, reason, help } in self.skips.iter().take(MAX_PRINTED) {
            writeln!(to, "skipped: {}: {}: {}", self.kind, plain(item), plain(reason))?;
            if !help.is_empty() {
                writeln!(to, "         {}", plain(help))?;
            }
        }
        if self.skipped > MAX_PRINTED as u64 {
            let more = self.skipped - MAX_PRINTED as u64;
            writeln!(to, "skipped: {}: and {more} more; --json lists them", self.kind)?;
        }
        self.notes.iter().take(MAX_PRINTED).try_for_each(|Note { item, note }| {
            writeln!(to, "note: {}: {}: {}", self.kind, plain(item), plain(note))
        })
    }
}

impl Report {
    pub(super) fn new(source: &str, dry_run: bool) -> Self {
        Self {
            source: source.to_owned(),
            dry_run,
            kinds: Vec::new(),
            left_behind: Vec::new(),
            collections: Vec::new(),
            backfill_job: None,
        }
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

    pub(super) fn fetch(&mut self, collections: Vec<String>, job: Option<String>) {
        (self.collections, self.backfill_job) = (collections, job);
    }
}

impl Answer for Report {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let shown = self.source.replace(char::is_control, " ");
        match self.dry_run {
            true => writeln!(to, "This is what importing {shown} would do; nothing was changed.")?,
            false => writeln!(to, "Imported {shown}.")?,
        }
        let mut table = Table::new(["KIND", "IMPORTED", "ALREADY HERE", "REPLACED", "SKIPPED"]);
        for kind in self.kinds.iter().filter(|kind| !kind.is_empty()) {
            let counts = [kind.imported, kind.already_here, kind.replaced, kind.skipped];
            let [imported, here, replaced, skipped] = counts.map(|count| count.to_string());
            table.row([kind.kind.to_owned(), imported, here, replaced, skipped]);
        }
        write!(to, "{table}")?;
        self.kinds.iter().try_for_each(|kind| kind.write_details(to))?;
        for LeftBehind { what, rows, why } in &self.left_behind {
            writeln!(to, "left behind: {rows} {what}: {why}")?;
        }
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
