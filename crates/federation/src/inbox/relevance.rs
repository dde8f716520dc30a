//! Whether what somebody says matters to anybody here (spec/social.md §4.9).

use store::{Conn, Error, v};

use super::notes::Wanted;
use crate::names::Names;

/// Whether a note is kept: somebody here follows its author, it answers something that is here, it is for somebody here, or it is here
/// already.
pub(super) fn is_relevant(conn: &mut Conn<'_>, names: &Names, note: &Wanted) -> Result<bool, Error> {
    if is_followed(conn, &note.author)? {
        return Ok(true);
    }
    if note.is_update && is_here(conn, &note.id)? {
        return Ok(true);
    }
    if !super::notes::here(conn, names, note.recipients.iter())?.is_empty() {
        return Ok(true);
    }
    let Some(parent) = &note.parent else { return Ok(false) };
    match names.local_note(parent) {
        Some(uuid) => exists(conn, "SELECT 1 FROM social_thoughts WHERE uuid = $1 AND local = 1", uuid),
        None => Ok(false),
    }
}

/// What a boost by somebody elsewhere of something elsewhere needs.
pub(super) struct Matters {
    /// Whether somebody here follows them.
    pub(super) is_followed: bool,
    /// Whether what they boost is here.
    pub(super) is_here: bool,
}

pub(super) fn of_announce(conn: &mut Conn<'_>, by: &str, object: &str) -> Result<Matters, Error> {
    Ok(Matters { is_followed: is_followed(conn, by)?, is_here: is_here(conn, object)? })
}

fn is_followed(conn: &mut Conn<'_>, actor: &str) -> Result<bool, Error> {
    exists(
        conn,
        "SELECT 1 FROM social_users a JOIN social_follows f ON f.followed = a.id JOIN social_users u ON u.id = f.follower
         WHERE a.ap_id = $1 AND f.state = 'accepted' AND u.host IS NULL LIMIT 1",
        actor,
    )
}

fn is_here(conn: &mut Conn<'_>, note: &str) -> Result<bool, Error> {
    exists(conn, "SELECT 1 FROM social_thoughts WHERE ap_id = $1", note)
}

fn exists(conn: &mut Conn<'_>, sql: &str, key: &str) -> Result<bool, Error> {
    Ok(conn.query_opt(sql, &[v(key)], |row| row.int(0))?.is_some())
}
