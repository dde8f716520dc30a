//! The limit: how often SQLite makes one row durable.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use super::posts::BYTES;
use crate::process::to_f64;

/// Commits per second of one connection that inserts a message of the usual size in each.
pub(super) fn rate(dir: &Path, duration: Duration) -> anyhow::Result<f64> {
    let file = dir.join("raw.db");
    let connection = Connection::open(&file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT;",
    )?;
    let content = "x".repeat(BYTES);
    let mut insert = connection.prepare("INSERT INTO messages (content) VALUES (?1)")?;
    let (started, mut count) = (Instant::now(), 0);
    while started.elapsed() < duration {
        insert.execute(params![content])?;
        count += 1;
    }
    Ok(to_f64(count) / started.elapsed().as_secs_f64())
}
