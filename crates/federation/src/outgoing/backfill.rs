//! What a new follower is sent of what was written before, if the operator wants that (spec/social.md §4.9).

use social::Id;
use store::{Conn, v};

use super::documents::local_note;
use super::{Making, audience};
use crate::Error;

/// Sends the newest public thoughts of somebody here to somebody elsewhere who follows them from now on, the oldest of them first.
pub(super) fn send(making: &mut Making<'_, '_>, follower: Id, followed: Id) -> Result<(), Error> {
    if making.terms.backfill == 0 {
        return Ok(());
    }
    let inboxes = audience::person(making.conn, follower)?;
    if inboxes.is_empty() {
        return Ok(());
    }
    for thought in newest(making.conn, followed, making.terms.backfill)?.into_iter().rev() {
        let Some(note) = local_note(making.conn, making.names, thought)? else { continue };
        // Named anew, and about nothing that waits: what others are told of the same thought is not overtaken by this.
        let create = note.create_as(making.names.new_activity()).to_json();
        making.send(followed, None, &create, inboxes.clone())?;
    }
    Ok(())
}

fn newest(conn: &mut Conn<'_>, author: Id, limit: u32) -> Result<Vec<Id>, Error> {
    conn.query(
        "SELECT id FROM social_thoughts WHERE user_id = $1 AND local = 1 AND visibility = 'public' ORDER BY id DESC LIMIT $2",
        &[v(author), v(limit)],
        |row| Ok(Id(row.int(0)?)),
    )
}
