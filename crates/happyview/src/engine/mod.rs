//! The two engines, reading.

mod postgres;
mod sqlite;

use std::collections::BTreeMap;

use crate::Error;
use crate::cell::Cell;
use crate::layout::Form;
use crate::location::Location;

use postgres::Postgres;
use sqlite::Sqlite;

/// Tables, and for each its columns.
pub(crate) type Tables = BTreeMap<String, BTreeMap<String, Form>>;

/// A connection inside a transaction that only reads: all it sees is of one moment.
#[derive(Debug)]
pub(crate) enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Engine {
    pub(crate) async fn open(location: &Location) -> Result<Self, Error> {
        Ok(match location {
            Location::File(path) => Self::Sqlite(Sqlite::open(path).await?),
            Location::Postgres(url) => Self::Postgres(Postgres::open(url, &location.display()).await?),
        })
    }

    /// What there is. An error is the engine's words.
    pub(crate) async fn tables(&self) -> Result<Tables, String> {
        match self {
            Self::Sqlite(engine) => engine.tables().await,
            Self::Postgres(engine) => engine.tables().await,
        }
    }

    /// The rows of a statement. An error is the engine's words.
    pub(crate) async fn rows(&self, sql: String) -> Result<Vec<Vec<Cell>>, String> {
        match self {
            Self::Sqlite(engine) => engine.rows(sql).await,
            Self::Postgres(engine) => engine.rows(&sql).await,
        }
    }
}
