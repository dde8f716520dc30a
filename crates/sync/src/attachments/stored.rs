//! An attachment in the database.

use store::{Conn, v};

use super::place::is_name;
use crate::Error;
use crate::limits::{MAX_ATTACHMENT, MAX_ATTACHMENTS};
use crate::sessions::require;

/// Stores it, in the place of any other of its name.
pub(super) fn put(
    conn: &mut Conn<'_>,
    account: &str,
    session: &str,
    name: &str,
    content: &[u8],
) -> Result<(), Error> {
    require(conn, account, session)?;
    let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
    let used = conn.query_one(
        "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM sync_attachments WHERE account_id = $1",
        &[v(account)],
        |row| row.int(0),
    )?;
    if used.saturating_add(size) > MAX_ATTACHMENTS {
        return Err(Error::Full("attachments"));
    }
    conn.execute(
        "INSERT INTO sync_attachments (session_id, name, account_id, size, content, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (session_id, name) DO UPDATE SET size = excluded.size, content = excluded.content",
        &[v(session), v(name), v(account), v(size), v(content), v(clock::now_micros())],
    )?;
    Ok(())
}

/// Stores one that was kept elsewhere, if it may be one.
pub(crate) fn put_imported(
    conn: &mut Conn<'_>,
    account: &str,
    session: &str,
    name: &str,
    content: &[u8],
) -> Result<(), Error> {
    if !is_name(name) || name.len() > 100 {
        return Err(Error::Invalid("its name is none of an attachment"));
    }
    if content.len() > MAX_ATTACHMENT {
        return Err(Error::Invalid("it is larger than 10 MiB"));
    }
    put(conn, account, session, name, content)
}

pub(super) fn get(conn: &mut Conn<'_>, account: &str, session: &str, name: &str) -> Result<Vec<u8>, Error> {
    require(conn, account, session)?;
    let sql = "SELECT content FROM sync_attachments WHERE session_id = $1 AND name = $2";
    let found = conn.query_opt(sql, &[v(session), v(name)], |row| Ok::<_, Error>(row.blob(0)?.to_vec()))?;
    found.ok_or(Error::NotFound("Attachment"))
}
