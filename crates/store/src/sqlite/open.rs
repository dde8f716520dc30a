//! Opening connections with the settings of their tier.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::{Error, Tier};

/// How long a statement waits for another process (the command line beside a running server).
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

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
    //
    // A commit writes every page it touches: small transactions want small pages, the index's long ones large pages.
    let (synchronous, page_size) = match tier {
        Tier::State => ("FULL", 4096),
        Tier::Index => ("NORMAL", 8192),
    };
    prepare(
        &conn,
        path,
        &format!(
            "PRAGMA page_size = {page_size};
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = {synchronous};
         PRAGMA cache_size = -32768;
         PRAGMA journal_size_limit = 67108864;"
        ),
    )?;
    Ok(conn)
}

/// Pages of the write-ahead log that make a checkpoint due: 16 MiB of the durable tier, which overwrites them soon (a file that
/// grows is slower to make durable than one that does not), 64 MB of the index, whose long transactions touch many.
pub(super) const fn most_log_pages(tier: Tier) -> u32 {
    match tier {
        Tier::State => 4096,
        Tier::Index => 8000,
    }
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
