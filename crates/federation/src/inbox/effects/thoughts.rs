//! What others write.

use activitypub::Address;
use activitypub::signature::content_digest;
use social::thoughts::{self, Stored};
use store::{Conn, v};

use super::{Applying, Told, told};
use crate::Error;
use crate::inbox::notes::Incoming;

/// Somebody wrote something.
pub(super) fn said(applying: &mut Applying<'_, '_>, incoming: &Incoming) -> Result<Told, Error> {
    let author = applying.intern(&incoming.author)?.id;
    Ok(match keep(applying, incoming)? {
        Stored::Added { id, notified } => {
            let mut told = told(notified);
            told.push(social::Told::Thought { id: id.0, user_id: author.0 });
            told
        }
        Stored::Changed(id) => vec![social::Told::Edited { id: id.0, user_id: author.0 }],
        Stored::Kept(_) | Stored::Refused => Told::new(),
    })
}

/// Somebody changed what they wrote. A change that does not say when it was made, was made now.
pub(super) fn changed(applying: &mut Applying<'_, '_>, incoming: &Incoming) -> Result<Told, Error> {
    if incoming.note.updated.is_some() {
        return said(applying, incoming);
    }
    let updated = crate::outgoing::documents::time_of(applying.now);
    let note = activitypub::object::Note { updated, ..incoming.note.clone() };
    said(applying, &Incoming { author: incoming.author.clone(), note })
}

/// Keeps a note of its author.
pub(crate) fn keep(applying: &mut Applying<'_, '_>, incoming: &Incoming) -> Result<Stored, Error> {
    if incoming.note.attributed_to != incoming.author.id {
        return Ok(Stored::Refused);
    }
    let grave = grave(&incoming.author.id, &incoming.note.id);
    let find = "SELECT 1 FROM social_tombstones WHERE ap_id = $1";
    if applying.conn.query_opt(find, &[v(&grave)], |row| row.int(0))?.is_some() {
        return Ok(Stored::Refused);
    }
    let author = applying.intern(&incoming.author)?;
    if author.is_suspended || author.is_deleted {
        return Ok(Stored::Refused);
    }
    let thought = incoming.thought(applying.conn, applying.names, author.id)?;
    Ok(thoughts::store(applying.conn, applying.now, applying.names.addresses(), &thought)?)
}

/// Somebody deleted what they wrote. What is not here yet does not come any more, if it is theirs.
pub(super) fn deleted(
    applying: &mut Applying<'_, '_>,
    author: &Address,
    address: &Address,
) -> Result<Told, Error> {
    let Some(row) = thoughts::by_address(applying.conn, applying.names.addresses(), address.as_str())? else {
        if address.same_host(author) {
            bury(applying.conn, applying.now, &grave(author, address))?;
        }
        return Ok(Told::new());
    };
    let Some(user) = applying.known(author)?.filter(|user| user.id == row.author) else {
        return Ok(Told::new());
    };
    thoughts::delete(applying.conn, applying.now, applying.names.addresses(), user.id, row.id)?;
    Ok(vec![social::Told::Deleted { id: row.id.0, user_id: user.id.0 }])
}

/// Bytes of a key that the index of PostgreSQL takes, with room to spare.
const MAX_GRAVE: usize = 2_048;

/// Remembers that something is gone which never was here: of this author only, so that nobody keeps another's notes away.
fn grave(author: &Address, note: &Address) -> String {
    let grave = format!("{note} by {author}");
    if grave.len() <= MAX_GRAVE { grave } else { content_digest(grave.as_bytes()) }
}

fn bury(conn: &mut Conn<'_>, now: i64, grave: &str) -> Result<(), store::Error> {
    let keep = "INSERT INTO social_tombstones (ap_id, deleted_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    conn.execute(keep, &[v(grave), v(now)])?;
    Ok(())
}
