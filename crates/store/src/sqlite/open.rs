//! Opening connections with the settings of their tier.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::{Error, Tier};

/// How long a statement waits for another process (the command line beside a running server).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Distinct statements kept prepared per connection.
const STATEMENT_CACHE: usize = 256;

/// The one connection that writes.
pub(super) fn writer(path: &Path, tier: Tier) -> Result<Connection, Error> {
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).map_err(|error| failed(path, &error))?;
    }
    let conn = Connection::open(path).map_err(|error| failed(path, &error))?;
    // A committed write of the durable tier survives power loss; the index may lose its last moments, together
    // with the cursor that covers them.
    let synchronous = match tier {
        Tier::State => "FULL",
        Tier::Index => "NORMAL",
    };
    prepare(
        &conn,
        path,
        &format!(
            "PRAGMA page_size = 8192;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = {synchronous};
         PRAGMA cache_size = -32768;
         PRAGMA wal_autocheckpoint = 8000;
         PRAGMA journal_size_limit = 67108864;"
        ),
    )?;
    Ok(conn)
}

/// One of the connections that read.
pub(super) fn reader(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|error| failed(path, &error))?;
    prepare(&conn, path, "PRAGMA query_only = ON; PRAGMA cache_size = -4096;")?;
    Ok(conn)
}

fn prepare(conn: &Connection, path: &Path, pragmas: &str) -> Result<(), Error> {
    conn.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    // Without this a cached statement may be compiled again for every new value of its parameters.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .and_then(|_| conn.busy_timeout(BUSY_TIMEOUT))
        .and_then(|()| conn.execute_batch(pragmas))
        .and_then(|()| {
            conn.execute_batch(
                "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 2147418112;",
            )
        })
        .map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::Open { what: path.display().to_string(), message: error.to_string() }
}
