//! A file, opened for reading only.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::Tables;
use crate::Error;
use crate::cell::{Cell, MAX_BYTES};
use crate::layout::Form;

/// How long a statement waits for a server that has the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(crate) struct Sqlite(Arc<Mutex<Connection>>);

impl Sqlite {
    pub(super) async fn open(path: &Path) -> Result<Self, Error> {
        let shown = path.display().to_string();
        match path.metadata() {
            Ok(file) if file.is_dir() => return Err(Error::Folder(shown)),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Error::Missing(shown)),
            Err(error) => return Err(Error::Open { what: shown, message: error.to_string() }),
        }
        let path = path.to_owned();
        let opened = blocking(move || begin(&path).map_err(|error| error.to_string())).await;
        let conn = opened.map_err(|message| Error::Open { what: shown, message })?;
        Ok(Self(Arc::new(Mutex::new(conn))))
    }

    pub(super) async fn tables(&self) -> Result<Tables, String> {
        // Tables only: a view could be anything.
        const SQL: &str = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_xinfo(m.name) c
                           WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
        self.with(|conn| {
            let mut statement = conn.prepare(SQL)?;
            let names = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let mut tables = Tables::new();
            for name in names {
                let (table, column): (String, String) = name?;
                tables.entry(table).or_default().insert(column, Form::Dynamic);
            }
            Ok(tables)
        })
        .await
    }

    pub(super) async fn rows(&self, sql: String) -> Result<Vec<Vec<Cell>>, String> {
        self.with(move |conn| {
            let mut statement = conn.prepare(&sql)?;
            let columns = statement.column_count();
            let rows = statement.query_map([], |row| {
                (0..columns).map(|column| row.get_ref(column).map(cell)).collect::<Result<Vec<_>, _>>()
            })?;
            rows.collect()
        })
        .await
    }

    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, String> {
        let conn = Arc::clone(&self.0);
        blocking(move || {
            let conn = conn.lock().unwrap_or_else(PoisonError::into_inner);
            work(&conn).map_err(|error| error.to_string())
        })
        .await
    }
}

/// Nothing in the file is trusted: not to change it, and not to run what its schema may hold.
fn begin(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // What is read until the connection is closed is what is there at the first look.
    conn.execute_batch("PRAGMA query_only = ON; BEGIN; SELECT count(*) FROM sqlite_master;")?;
    Ok(conn)
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Int(number),
        ValueRef::Real(number) => Cell::Real(number),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) if bytes.len() > MAX_BYTES => Cell::TooLong,
        ValueRef::Text(text) => {
            std::str::from_utf8(text).map_or(Cell::Garbled, |text| Cell::Text(text.to_owned()))
        }
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())?
}
