//! Opening connections that can do little.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::authorizer::{Judge, Rules};
use super::link::Link;
use super::{FILE, effects, functions, linear, views};
use crate::{Error, ScriptDbConfig};

/// How long a statement waits for another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// How many steps of its machine SQLite takes before it looks at the clock. A step works on at most two values, so this
/// and their size bound how late it can be.
const STEPS: i32 = 50;

/// Bytes of a page; with the number of pages, the size of the database.
const PAGE: u64 = 8192;

/// The one connection that writes.
pub(super) fn writer(folder: &Path, config: &ScriptDbConfig) -> Result<Link, Error> {
    let path = folder.join(FILE);
    std::fs::create_dir_all(folder).map_err(|error| failed(&path, &error))?;
    let conn = Connection::open(&path).map_err(|error| failed(&path, &error))?;
    let pages = (config.limits.database_bytes / PAGE).max(16);
    // Durable: nobody else has what scripts keep.
    let pragmas = format!(
        "PRAGMA page_size = {PAGE}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         PRAGMA max_page_count = {pages}; PRAGMA journal_size_limit = 67108864;"
    );
    conn.execute_batch(&pragmas)
        .and_then(|()| effects::create_table(&conn))
        .map_err(|error| failed(&path, &error))?;
    confine(conn, folder, config).map_err(|error| failed(&path, &error))
}

/// One of the connections that read.
pub(super) fn reader(folder: &Path, config: &ScriptDbConfig) -> Result<Link, Error> {
    let path = folder.join(FILE);
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(&path, flags).map_err(|error| failed(&path, &error))?;
    confine(conn, folder, config).map_err(|error| failed(&path, &error))
}

/// Takes away what a script does not need.
fn confine(mut conn: Connection, folder: &Path, config: &ScriptDbConfig) -> rusqlite::Result<Link> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    // Sorting goes to files, so that it is time that bounds it and not this process's memory.
    conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA temp_store = FILE; PRAGMA cache_size = -4096;")?;
    let views = views::create(&conn, folder, config.views)?;
    linear::replace(&conn, config.limits.value_bytes)?;
    let modules = views::names(&conn, "SELECT name FROM pragma_module_list")?;
    for (switch, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
        // A name in double quotes that does not exist is a mistake, not a string.
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
    ] {
        conn.set_db_config(switch, on)?;
    }
    let bytes = |bytes: usize| i32::try_from(bytes).unwrap_or(i32::MAX);
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, bytes(config.limits.value_bytes)),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, bytes(config.limits.sql_bytes)),
        (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, bytes(config.limits.params)),
        (Limit::SQLITE_LIMIT_COLUMN, 200),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 100),
        (Limit::SQLITE_LIMIT_VDBE_OP, 100_000),
        (Limit::SQLITE_LIMIT_FUNCTION_ARG, 100),
        // Matching takes the product of pattern and text.
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 128),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        conn.set_limit(limit, most)?;
    }
    let judge = Judge::new(Rules { views, functions: functions::computing(), modules });
    let authorizing = judge.clone();
    conn.authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| authorizing.authorize(&context)))?;
    let timing = judge.clone();
    conn.progress_handler(STEPS, Some(move || timing.is_late()))?;
    Link::new(conn, judge, config.limits)
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::Open { what: path.display().to_string(), message: error.to_string() }
}
