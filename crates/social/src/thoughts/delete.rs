//! The end of a thought.

use store::{Conn, v};

use super::Row;
use crate::address::Addresses;
use crate::{Error, Event, Id, counts, inboxes};

/// A thought that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// The thought.
    pub id: Id,
    /// Whose it was.
    pub author: Id,
}

/// Deletes a thought of `author`, be they here or elsewhere. Its address answers that it is gone, and it does not come back. Answers stay.
pub fn delete(
    conn: &mut Conn<'_>,
    now: i64,
    addresses: &Addresses,
    author: Id,
    id: Id,
) -> Result<Deleted, Error> {
    let row = super::row(conn, id)?.filter(|row| row.author == author);
    let row = row.ok_or(Error::NotFound("thought"))?;
    let inboxes = if row.is_local { inboxes::of_thought(conn, &row)? } else { Vec::new() };
    remove(conn, now, addresses, &row)?;
    if row.is_local {
        let visibility = row.visibility.name().to_owned();
        Event::ThoughtDeleted { uuid: row.uuid, user_id: author.0, visibility, inboxes }.write(conn, now)?;
    }
    Ok(Deleted { id, author })
}

/// Takes the rows away and remembers the address.
pub(crate) fn remove(conn: &mut Conn<'_>, now: i64, addresses: &Addresses, row: &Row) -> Result<(), Error> {
    let address = row.ap_id.clone().unwrap_or_else(|| addresses.thought(&row.uuid));
    bury(conn, now, &address)?;
    let parent = row.in_reply_to.map(|id| id.0);
    counts::thought_removed(conn, row.author.0, parent, row.visibility)?;
    // Its pictures' files go with their rows, by a task.
    let sql = "UPDATE social_attachments SET thought_id = NULL, created_at = 0 WHERE thought_id = $1 AND path IS NOT NULL";
    conn.execute(sql, &[row.id.into()])?;
    conn.execute("DELETE FROM social_thoughts WHERE id = $1", &[row.id.into()])?;
    Ok(())
}

/// Remembers that what had this address is gone, or must not come.
pub(crate) fn bury(conn: &mut Conn<'_>, now: i64, address: &str) -> Result<(), Error> {
    let sql = "INSERT INTO social_tombstones (ap_id, deleted_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    conn.execute(sql, &[v(address), v(now)])?;
    Ok(())
}
