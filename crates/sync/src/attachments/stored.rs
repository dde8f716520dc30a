//! An attachment in the database.

use store::{Conn, v};

use super::place::is_name;
use crate::Error;
use crate::limits::{MAX_ATTACHMENT, MAX_ATTACHMENTS};
use crate::sessions::require;

/// Where the content of an attachment is.
pub(super) enum Place {
    /// In the database.
    Here(Vec<u8>),
    /// In the bucket, as the object of this name.
    Bucket(String),
}

/// Refuses what is of a session of somebody else's, or more than the account may have.
pub(super) fn make_room(conn: &mut Conn<'_>, account: &str, session: &str, size: i64) -> Result<(), Error> {
    require(conn, account, session)?;
    let used = conn.query_one(
        "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM sync_attachments WHERE account_id = $1",
        &[v(account)],
        |row| row.int(0),
    )?;
    if used.saturating_add(size) > MAX_ATTACHMENTS {
        return Err(Error::Full("attachments"));
    }
    Ok(())
}

/// Stores it in the database, in the place of any other of its name.
pub(super) fn put(
    conn: &mut Conn<'_>,
    account: &str,
    session: &str,
    name: &str,
    content: &[u8],
) -> Result<(), Error> {
    let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
    make_room(conn, account, session, size)?;
    let now = clock::now_micros();
    conn.execute(
        "INSERT INTO sync_lost_objects (object, due_at)
         SELECT object, $3 FROM sync_attachments WHERE session_id = $1 AND name = $2 AND object IS NOT NULL",
        &[v(session), v(name), v(now)],
    )?;
    conn.execute(
        "INSERT INTO sync_attachments (session_id, name, account_id, size, content, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (session_id, name)
         DO UPDATE SET size = excluded.size, content = excluded.content, object = NULL",
        &[v(session), v(name), v(account), v(size), v(content), v(now)],
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

pub(super) fn find(conn: &mut Conn<'_>, account: &str, session: &str, name: &str) -> Result<Place, Error> {
    require(conn, account, session)?;
    let sql = "SELECT content, object FROM sync_attachments WHERE session_id = $1 AND name = $2";
    let found = conn.query_opt(sql, &[v(session), v(name)], |row| {
        Ok::<_, Error>(match row.opt_text(1)? {
            Some(object) => Place::Bucket(object.to_owned()),
            None => Place::Here(row.blob(0)?.to_vec()),
        })
    })?;
    found.ok_or(Error::NotFound("Attachment"))
}
