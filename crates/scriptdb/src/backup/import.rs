//! The scripts' tables on their way out of a backup.

use store::dump::{Cell, DumpError, Existing, ScriptTable, ScriptTarget};
use store::{Conn, Location};

use crate::postgres::{PostgresImport, PostgresScripts};
use crate::sqlite::SqliteImport;
use crate::{Error, Limits, ScriptDbConfig};

/// Puts the scripts' tables and what is remembered of their effects in the place of those that are there.
///
/// No server may use the database meanwhile.
pub struct Import {
    end: End,
}

enum End {
    Sqlite(Box<SqliteImport>),
    Postgres(Box<PostgresImport>),
}

impl Import {
    /// Into the database `config` is about. If the backup has tables of scripts (`needed`), PostgreSQL's role and schemas are
    /// made if they are missing. The store must be open: the views show its tables.
    pub async fn open(config: ScriptDbConfig, needed: bool) -> Result<Self, Error> {
        let views = config.views.iter().map(|view| view.name).collect();
        let end = match config.location.clone() {
            Location::Sqlite(folder) => {
                End::Sqlite(Box::new(SqliteImport::new(folder, relaxed(config), views)))
            }
            Location::Postgres(url) => {
                if needed {
                    PostgresScripts::open(&url, &config).await?;
                }
                End::Postgres(Box::new(PostgresImport::new(relaxed(config), views)))
            }
        };
        Ok(Self { end })
    }
}

/// What another engine, or the catalogue, writes at greater length than the script did must not be lost for that. While a
/// backup is taken in there is nothing to see of the index.
fn relaxed(config: ScriptDbConfig) -> ScriptDbConfig {
    let limits = config.limits;
    let limits = Limits {
        value_bytes: limits.value_bytes.max(limits.bytes),
        sql_bytes: limits.sql_bytes * 4,
        database_bytes: limits.database_bytes * 4,
        ..limits
    };
    ScriptDbConfig { views: &[], limits, ..config }
}

impl ScriptTarget for Import {
    fn begin(&mut self, state: &mut Conn<'_>, existing: Existing) -> Result<(), DumpError> {
        match &mut self.end {
            End::Sqlite(import) => import.begin(existing),
            End::Postgres(import) => import.begin(state, existing),
        }
    }

    fn table(&mut self, state: &mut Conn<'_>, table: ScriptTable) -> Result<(), DumpError> {
        match &mut self.end {
            End::Sqlite(import) => import.table(&table),
            End::Postgres(import) => import.table(state, &table),
        }
    }

    fn row(&mut self, state: &mut Conn<'_>, row: Vec<Cell>) -> Result<(), DumpError> {
        match &mut self.end {
            End::Sqlite(import) => import.row(&row),
            End::Postgres(import) => import.row(state, row),
        }
    }

    fn end(&mut self, state: &mut Conn<'_>) -> Result<(), DumpError> {
        match &mut self.end {
            End::Sqlite(import) => import.end(),
            End::Postgres(import) => import.end(state),
        }
    }

    fn commit(&mut self) -> Result<(), DumpError> {
        match &mut self.end {
            End::Sqlite(import) => import.commit(),
            // Their tables are part of the transaction that has just been committed.
            End::Postgres(_) => Ok(()),
        }
    }
}
