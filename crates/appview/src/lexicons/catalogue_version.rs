//! The number that counts changes, and the bounds that every change must keep.

use store::{Conn, Engine};

use crate::Error;

/// Lexicons one server keeps at most. Each lives in memory, parsed.
pub(crate) const MAX_LEXICONS: i64 = 5_000;

/// Bytes of JSON all of them may have together.
pub(crate) const MAX_BYTES: i64 = 32 << 20;

/// Makes the writers of lexicons wait for each other instead of colliding; first in every transaction that may write.
///
/// PostgreSQL takes a transaction's snapshot after this statement, so what it waited for is what it sees. Readers are not
/// held up. SQLite has one writer anyway.
pub(super) fn lock(conn: &mut Conn<'_>) -> Result<(), store::Error> {
    if conn.engine() == Engine::Postgres {
        conn.execute("LOCK TABLE appview_catalogue IN EXCLUSIVE MODE", &[])?;
    }
    Ok(())
}

/// Takes the next version, for a transaction that changes what servers work with.
pub(super) fn next(conn: &mut Conn<'_>) -> Result<i64, store::Error> {
    conn.query_one(
        "UPDATE appview_catalogue SET version = version + 1 WHERE id = 1 RETURNING version",
        &[],
        |row| row.int(0),
    )
}

/// The version of what is committed.
pub(super) fn current(conn: &mut Conn<'_>) -> Result<i64, store::Error> {
    conn.query_one("SELECT version FROM appview_catalogue WHERE id = 1", &[], |row| row.int(0))
}

/// Fails if the lexicon just written is one too many; to be called before the transaction ends.
pub(super) fn check_bounds(conn: &mut Conn<'_>) -> Result<(), Error> {
    const SQL: &str =
        "SELECT count(*), CAST(coalesce(sum(octet_length(lexicon_json)), 0) AS BIGINT) FROM appview_lexicons";
    let (lexicons, bytes) = conn.query_one(SQL, &[], |row| Ok::<_, Error>((row.int(0)?, row.int(1)?)))?;
    if lexicons > MAX_LEXICONS {
        return Err(Error::TooMany);
    }
    if bytes > MAX_BYTES {
        return Err(Error::TooLarge);
    }
    Ok(())
}
