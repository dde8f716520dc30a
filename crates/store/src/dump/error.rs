//! What can go wrong with a dump.

use std::io;

use super::format::{Applied, Origin};
use crate::Error;

/// Characters of what stands in a file that are repeated to people.
const SHOWN: usize = 200;

/// A dump that could not be written, or was not taken in. Then nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] Error),
    /// The file could not be read or written.
    #[error("{doing} the backup: {source}")]
    Io {
        /// `reading` or `writing`.
        doing: &'static str,
        /// The system's words.
        source: io::Error,
    },
    /// The file is something else.
    #[error("this file is not a backup made by `belvedere state backup`")]
    Foreign,
    /// The file is a dump of a kind this version does not read.
    #[error(
        "the backup was made by version {program} in format {format}, which this version does not read; use that version or a later one"
    )]
    Format {
        /// Its format.
        format: u32,
        /// The version that wrote it.
        program: String,
    },
    /// The file is cut short or altered.
    #[error("the backup is damaged: {0}; use another copy")]
    Damaged(String),
    /// The dump's tables are newer than this program.
    #[error(
        "the backup was made by version {program}, whose tables are newer: {schema} has migration {id} ({name}), which this version does not know; use version {program} or a later one"
    )]
    Newer {
        /// The version that wrote it.
        program: String,
        /// Owner of the tables.
        schema: String,
        /// The migration.
        id: u32,
        /// Its name.
        name: String,
    },
    /// The dump names migrations that contradict this program's.
    #[error(
        "the backup was made by version {program}, whose tables of {schema} came to be in another way; use that version"
    )]
    Diverged {
        /// The version that wrote it.
        program: String,
        /// Owner of the tables.
        schema: String,
    },
    /// The database holds something already.
    #[error("the database is not empty: table {table} has rows")]
    NotEmpty {
        /// One of the tables.
        table: String,
    },
    /// A row is longer than any reader would take.
    #[error("a row of table {table} is longer than a backup can hold ({bytes} bytes)")]
    TooLong {
        /// Its table.
        table: String,
        /// How long it is as a line.
        bytes: usize,
    },
    /// A column has a type that only one engine has.
    #[error("column {column} of table {table} is of type {kind}, which not every engine has")]
    NotPortable {
        /// Its table.
        table: String,
        /// The column.
        column: String,
        /// The engine's name for the type.
        kind: String,
    },
    /// A table that scripts made is not understood here, or refused what was in it.
    #[error("the scripts' table {table} cannot be restored on this engine: {message}")]
    Script {
        /// The table.
        table: String,
        /// Why.
        message: String,
    },
    /// The scripts' database failed.
    #[error("the scripts' database: {0}")]
    Scripts(String),
    /// The state was restored; what scripts had was not.
    #[error(
        "the state was restored, but the tables of scripts were not: {0}; restore once more with --force"
    )]
    ScriptsLost(String),
    /// The database refused a row.
    #[error("restoring table {table}: {source}")]
    Row {
        /// Its table.
        table: String,
        /// Why.
        source: Error,
    },
}

impl DumpError {
    /// A file that is not what was written.
    pub fn damaged(what: impl AsRef<str>) -> Self {
        Self::Damaged(shown(what.as_ref()))
    }

    /// Of a kind that this version does not read.
    pub(super) fn format(Origin { format, program }: &Origin) -> Self {
        Self::Format { format: *format, program: shown(program) }
    }

    /// Of tables that this program cannot make.
    pub(super) fn newer(program: &str, Applied { schema, id, name }: &Applied) -> Self {
        Self::Newer { program: shown(program), schema: shown(schema), id: *id, name: shown(name) }
    }

    /// Of tables that came to be in another way.
    pub(super) fn diverged(program: &str, Applied { schema, .. }: &Applied) -> Self {
        Self::Diverged { program: shown(program), schema: shown(schema) }
    }

    pub(super) fn writing(source: io::Error) -> Self {
        Self::Io { doing: "writing", source }
    }

    /// The disk failed, or what is on it cannot be decompressed.
    pub(super) fn reading(source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::UnexpectedEof => Self::damaged("it ends too early"),
            _ if source.raw_os_error().is_some() => Self::Io { doing: "reading", source },
            _ => Self::damaged(source.to_string()),
        }
    }
}

/// What stands in a file may be of any length, and nothing for a terminal.
fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
