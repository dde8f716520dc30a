//! Where the scripts' database is, what it shows, and how much of everything a statement may use.

use std::time::Duration;

use store::{Location, Tier};

/// What [`ScriptDb::open`](crate::ScriptDb::open) needs to know.
#[derive(Clone, Debug)]
pub struct ScriptDbConfig {
    /// The same as the store's: the folder of `scripts.db`, or the database of the schema `scripts`.
    pub location: Location,
    /// What scripts may read besides their own tables. The tables behind them must exist.
    pub views: &'static [View],
    /// SQLite: threads that read, besides the one that writes. PostgreSQL: connections.
    pub connections: usize,
    /// PostgreSQL: whose rights a script has. Made if it is missing and the login may make roles.
    pub role: String,
    /// Bounds of every statement.
    pub limits: Limits,
}

impl ScriptDbConfig {
    /// The usual limits, for a database in this place.
    #[must_use]
    pub fn new(location: Location, views: &'static [View]) -> Self {
        let connections = match location {
            Location::Sqlite(_) => 2,
            Location::Postgres(_) => 8,
        };
        Self { location, views, connections, role: "belvedere_scripts".into(), limits: Limits::default() }
    }
}

/// A window into another database.
///
/// Its text names tables, never views, and with their tier: `"index".record_rows`. On SQLite it may not have a `WITH`; opening
/// fails if it does not work.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// What scripts call it: lower case letters, digits and `_`.
    pub name: &'static str,
    /// The database of its tables.
    pub tier: Tier,
    /// The `SELECT` for SQLite.
    pub sqlite: &'static str,
    /// The `SELECT` for PostgreSQL.
    pub postgres: &'static str,
}

/// The most a statement may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a statement runs.
    pub time: Duration,
    /// Rows of an answer.
    pub rows: usize,
    /// Bytes of an answer as JSON.
    pub bytes: usize,
    /// Bytes of one value; on SQLite also of those in between.
    pub value_bytes: usize,
    /// Bytes of the statement's text.
    pub sql_bytes: usize,
    /// Parameters of a statement.
    pub params: usize,
    /// Bytes of all tables together; beyond it nothing can be added.
    pub database_bytes: u64,
    /// How long the result of an effect is remembered ([`ScriptDb::raw_once`](crate::ScriptDb::raw_once)).
    pub effects_kept: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(5),
            rows: 10_000,
            bytes: 8 << 20,
            value_bytes: 1 << 20,
            sql_bytes: 64 << 10,
            params: 1_000,
            database_bytes: 1 << 30,
            effects_kept: Duration::from_hours(14 * 24),
        }
    }
}
