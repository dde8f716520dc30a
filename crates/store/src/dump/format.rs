//! The lines of a dump that are not rows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::at_most::columns;

/// The format of a dump without tables of scripts; what versions before those read.
pub(super) const PLAIN: u32 = 1;

/// The format of one with them, and the newest that is read.
pub(super) const WITH_SCRIPTS: u32 = 2;

/// Where a dump comes from: its first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// How the lines are to be read.
    pub format: u32,
    /// The version of the program that wrote it.
    pub program: String,
    /// The engine it was on, for people: see [`Engine::name`](crate::Engine::name).
    pub engine: String,
    /// When the database was as it is in the dump, in microseconds since the epoch.
    pub at: i64,
    /// The migrations its tables had seen.
    pub applied: Vec<Applied>,
}

/// A migration that had been applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// [`Schema::name`](crate::Schema::name).
    pub schema: String,
    /// [`Migration::id`](crate::Migration::id).
    pub id: u32,
    /// [`Migration::name`](crate::Migration::name).
    pub name: String,
}

/// What every format has in its first line.
#[derive(Deserialize)]
pub(super) struct Probe {
    pub(super) backup: Origin,
}

#[derive(Deserialize)]
pub(super) struct Origin {
    pub(super) format: u32,
    pub(super) program: String,
}

/// A line that says what the rows after or before it are.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mark {
    /// The first line.
    Backup(Header),
    /// Rows of this table follow.
    Table(TableMark),
    /// Rows of this table of scripts follow. No table of the state comes after it.
    ScriptTable(ScriptMark),
    /// The last line.
    End(End),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TableMark {
    pub(super) name: String,
    /// In the order of the values in each row.
    #[serde(deserialize_with = "columns")]
    pub(super) columns: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ScriptMark {
    pub(super) name: String,
    pub(super) create: Option<String>,
    #[serde(deserialize_with = "columns")]
    pub(super) columns: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct End {
    /// Rows of each table; those of scripts are called `scripts.NAME`.
    pub(super) tables: BTreeMap<String, u64>,
    /// Of all lines before this one, in hexadecimal digits.
    pub(super) sha256: String,
}
