//! What became of the items of one kind.

use std::fmt;
use std::io::{self, Write};

use accounts::Imported;
use accounts::imported::Outcome;
use postgres_source::Unreadable;
use serde::Serialize;
use serde_json::value::RawValue;

/// So many items of a kind are listed with why they were skipped; further ones are counted.
const MAX_LISTED: usize = 1000;

/// So many are printed for people.
const MAX_PRINTED: usize = 20;

/// What became of one item.
pub(super) enum Taken {
    Done(Imported),
    Skipped { reason: String, help: String },
}

impl Taken {
    pub(super) fn skipped(reason: impl fmt::Display, help: impl Into<String>) -> Self {
        Self::Skipped { reason: reason.to_string(), help: help.into() }
    }
}

/// All items of one kind.
#[derive(Serialize)]
pub(super) struct Kind {
    #[serde(rename = "kind")]
    name: &'static str,
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

impl Kind {
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            imported: 0,
            already_here: 0,
            replaced: 0,
            skipped: 0,
            skips: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn note_taken(&mut self, item: &str, taken: Taken) {
        match taken {
            Taken::Done(Imported::Added) => self.imported += 1,
            Taken::Done(Imported::Kept) => self.already_here += 1,
            Taken::Done(Imported::Replaced) => self.replaced += 1,
            Taken::Skipped { reason, help } => self.skip(item, reason, help),
        }
    }

    /// Writes down what became of something.
    pub(super) fn note_outcome(&mut self, Outcome { name, taken }: Outcome) {
        let taken = match taken {
            Ok(imported) => Taken::Done(imported),
            Err(reason) => Taken::skipped(reason, String::new()),
        };
        self.note_taken(&name, taken);
    }

    /// The rows of a page that make sense; the others are skipped.
    pub(super) fn readable(&mut self, page: Vec<Result<Box<RawValue>, Unreadable>>) -> Vec<Box<RawValue>> {
        let mut readable = Vec::with_capacity(page.len());
        for row in page {
            match row {
                Ok(row) => readable.push(row),
                Err(Unreadable { name, problem }) => self.skip(&name, problem, String::new()),
            }
        }
        readable
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

    pub(super) fn counts(&self) -> [u64; 4] {
        [self.imported, self.already_here, self.replaced, self.skipped]
    }

    pub(super) fn is_empty(&self) -> bool {
        self.counts() == [0; 4]
    }

    pub(super) fn write_details(&self, to: &mut dyn Write) -> io::Result<()> {
        let plain = |text: &str| text.replace(char::is_control, " ");
        for Skip { item, reason, help } in self.skips.iter().take(MAX_PRINTED) {
            writeln!(to, "skipped: {}: {}: {}", self.name, plain(item), plain(reason))?;
            if !help.is_empty() {
                writeln!(to, "         {}", plain(help))?;
            }
        }
        if self.skipped > MAX_PRINTED as u64 {
            let more = self.skipped - MAX_PRINTED as u64;
            writeln!(to, "skipped: {}: and {more} more; --json lists them", self.name)?;
        }
        self.notes.iter().take(MAX_PRINTED).try_for_each(|Note { item, note }| {
            writeln!(to, "note: {}: {}: {}", self.name, plain(item), plain(note))
        })
    }
}
