//! An opened database.

use std::collections::HashSet;
use std::path::Path;

use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use crate::{Error, Table};

/// Bytes of a value; nothing of what is read is nearly as long.
const MAX_VALUE: i32 = 1 << 20;

/// The database of an `AppView`, as it was when this was opened. Reading it waits for the disk.
#[derive(Debug)]
pub struct Source {
    pub(crate) connection: Connection,
    shown: String,
}

impl Source {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let shown = path.display().to_string();
        let opened = Self::prepared(path).map_err(|error| {
            let message = error.to_string();
            Error::Open { what: shown.clone(), message }
        })?;
        let source = Self { connection: opened, shown };
        let is_one = |table| source.columns(table).is_ok_and(|columns| !columns.is_empty());
        if is_one(Table::Devices) || is_one(Table::Stats) {
            Ok(source)
        } else {
            Err(Error::Foreign(source.shown))
        }
    }

    fn prepared(path: &Path) -> Result<Connection, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        // Nothing in the file says what is run, and pages that do not fit together are an error.
        connection.execute_batch(
            "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON",
        )?;
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE)?;
        // One moment, until it is closed.
        connection.execute_batch("BEGIN")?;
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
        Ok(connection)
    }

    /// What was opened, for people.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Rows of a table; none where there is no such table.
    pub fn count(&self, table: Table) -> Result<u64, Error> {
        if self.columns(table)?.is_empty() {
            return Ok(0);
        }
        let sql = format!("SELECT count(*) FROM {}", table.name());
        let count: i64 =
            self.connection.query_row(&sql, [], |row| row.get(0)).map_err(Error::read(table.name()))?;
        Ok(count.unsigned_abs())
    }

    /// The columns of a table, if there is one and it is no view.
    pub(crate) fn columns(&self, table: Table) -> Result<HashSet<String>, Error> {
        let sql = "SELECT c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name = ?1 AND t.sql NOT LIKE 'CREATE VIRTUAL%' LIMIT 200";
        let read = || -> Result<HashSet<String>, rusqlite::Error> {
            let mut columns = self.connection.prepare(sql)?;
            let names = columns.query_map([table.name()], |row| row.get(0))?;
            names.collect()
        };
        read().map_err(Error::read(table.name()))
    }
}
