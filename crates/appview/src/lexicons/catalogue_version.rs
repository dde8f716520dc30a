//! The number that counts changes, and the bounds that every change must keep.

use store::Conn;

use crate::Error;

/// Lexicons one server keeps at most. Each lives in memory, parsed.
pub(crate) const MAX_LEXICONS: i64 = 5_000;

/// Bytes of JSON all of them may have together.
pub(crate) const MAX_BYTES: i64 = 32 << 20;

/// Takes the next version, in every transaction that changes what servers work with. On PostgreSQL the row lock makes
/// such transactions wait for each other here, so that versions become visible in their order.
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
