//! Rows of the log.

use atproto::{Did, Tid};
use store::{Conn, Engine, v};

use crate::{Error, Limits};

/// Rows that one transaction removes.
const PRUNED_AT_ONCE: i64 = 1000;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub(crate) enum Kind {
    Commit = 0,
    Sync = 1,
    Identity = 2,
    Account = 3,
}

/// Makes writers take turns, before anything else of their transaction. Then no transaction has to be repeated because of
/// another one, whichever instance it is of, and numbers are in the order of commits.
pub(crate) fn lock(conn: &mut Conn<'_>) -> Result<(), Error> {
    match conn.engine() {
        // There is one writer.
        Engine::Sqlite => Ok(()),
        // A transaction sees the database as of its first statement after this one.
        Engine::Postgres => Ok(conn.execute("LOCK TABLE repos_sequence IN EXCLUSIVE MODE", &[]).map(drop)?),
    }
}

/// Adds an event, whose message is made when its number is known.
pub(crate) fn append(
    conn: &mut Conn<'_>,
    did: &Did,
    kind: Kind,
    rev: Tid,
    paths: &str,
    now: i64,
    frame: impl FnOnce(i64) -> Vec<u8>,
) -> Result<(), Error> {
    let next = "UPDATE repos_sequence SET seq = seq + 1 WHERE id = 1 RETURNING seq";
    let seq = conn.query_one(next, &[], |row| row.int(0))?;
    let frame = frame(seq);
    conn.execute(
        "INSERT INTO repos_events (seq, did, kind, rev, paths, frame, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[v(seq), v(did.as_str()), v(kind as i64), v(rev.as_i64()), v(paths), v(&frame), v(now)],
    )?;
    Ok(())
}

/// The number of the newest event, 0 before the first.
pub(crate) fn head(conn: &mut Conn<'_>) -> Result<i64, Error> {
    Ok(conn.query_one("SELECT seq FROM repos_sequence WHERE id = 1", &[], |row| row.int(0))?)
}

/// The number of the oldest event that is still here; `None` if none is.
pub(crate) fn oldest(conn: &mut Conn<'_>) -> Result<Option<i64>, Error> {
    let sql = "SELECT seq FROM repos_events ORDER BY seq LIMIT 1";
    Ok(conn.query_opt(sql, &[], |row| row.int(0))?)
}

/// Removes some of what is too old or too much; whether there may be more. Always from the beginning, so that there are no
/// gaps.
pub(crate) fn prune(conn: &mut Conn<'_>, limits: &Limits, now: i64) -> Result<bool, Error> {
    let too_many = head(conn)? - limits.events;
    let too_old = now - clock::micros(limits.event_age);
    let until = conn.query_opt(
        "SELECT seq FROM repos_events WHERE created_at < $1 ORDER BY seq DESC LIMIT 1",
        &[v(too_old)],
        |row| row.int(0),
    )?;
    let until = until.unwrap_or(0).max(too_many);
    let Some(oldest) = oldest(conn)? else { return Ok(false) };
    let removed = conn.execute(
        "DELETE FROM repos_events WHERE seq <= $1 AND seq < $2",
        &[v(until), v(oldest + PRUNED_AT_ONCE)],
    )?;
    Ok(removed > 0)
}
