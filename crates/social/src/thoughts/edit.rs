//! A thought that was written here and is changed.

use store::{Conn, v};

use super::NewContent;
use super::links::{put_mention, put_mentions, put_tags, tags_of};
use crate::address::Addresses;
use crate::notifications::{self, Kind, Notified};
use crate::users::User;
use crate::{Error, Event, Id};

/// A thought that was changed.
#[derive(Clone, Debug)]
pub struct Edited {
    /// What people here were told of it.
    pub notified: Vec<Notified>,
}

/// Changes what a thought says; who may see it stays. What it says has been checked. Pictures stay unless others are named.
pub fn edit(
    conn: &mut Conn<'_>,
    now: i64,
    addresses: &Addresses,
    author: &User,
    id: Id,
    new: &NewContent,
    attachments: Option<&[Id]>,
) -> Result<Edited, Error> {
    let row = super::row(conn, id)?.filter(|row| row.author == author.id && row.is_local);
    let row = row.ok_or(Error::NotFound("thought"))?;
    let before = mentioned(conn, id)?;
    conn.execute(
        "UPDATE social_thoughts SET content = $2, search_text = $8, content_warning = $3, sensitive = $4, language = $5,
             mood = $6, updated_at = $7 WHERE id = $1",
        &[
            id.into(),
            v(&new.content),
            v(new.content_warning.as_deref()),
            v(i64::from(new.sensitive)),
            v(new.language.as_deref()),
            v(new.mood.as_deref()),
            // An edit is later than what it changes, whatever the clock says.
            v(now.max(row.updated_at.unwrap_or(row.created_at) + 1)),
            v(&new.content.to_lowercase()),
        ],
    )?;
    if let Some(attachments) = attachments {
        let sql = "UPDATE social_attachments SET thought_id = NULL WHERE thought_id = $1";
        conn.execute(sql, &[id.into()])?;
        super::create::attach(conn, author.id, id, attachments)?;
    }
    put_tags(conn, now, id, row.visibility, tags_of(&new.content))?;
    conn.execute("DELETE FROM social_thought_mentions WHERE thought_id = $1", &[id.into()])?;
    let mentioned = put_mentions(conn, addresses, id, author.id, &new.content)?;
    if let Some(parent) = row.in_reply_to {
        answered(conn, id, author.id, parent)?;
    }
    let mut notified = Vec::new();
    for user in mentioned.into_iter().filter(|user| !before.contains(user)) {
        notified.extend(notifications::add(conn, now, user, Kind::Mention, author.id, Some(id))?);
    }
    Event::ThoughtUpdated { thought_id: id.0, user_id: author.id.0 }.write(conn, now)?;
    Ok(Edited { notified })
}

/// Something that a thought of somebody here shows is another now: others are told, as of any change.
pub fn touch(conn: &mut Conn<'_>, now: i64, id: Id) -> Result<(), Error> {
    let row = super::row(conn, id)?.filter(|row| row.is_local).ok_or(Error::NotFound("thought"))?;
    let at = now.max(row.updated_at.unwrap_or(row.created_at) + 1);
    conn.execute("UPDATE social_thoughts SET updated_at = $2 WHERE id = $1", &[id.into(), v(at)])?;
    Event::ThoughtUpdated { thought_id: id.0, user_id: row.author.0 }.write(conn, now)
}

fn mentioned(conn: &mut Conn<'_>, thought: Id) -> Result<Vec<Id>, Error> {
    let sql = "SELECT user_id FROM social_thought_mentions WHERE thought_id = $1 AND user_id IS NOT NULL";
    conn.query(sql, &[thought.into()], |row| Ok(Id(row.int(0)?)))
}

/// Whoever is answered stays mentioned.
fn answered(conn: &mut Conn<'_>, thought: Id, author: Id, parent: Id) -> Result<(), Error> {
    let sql = "SELECT u.id, u.handle_key FROM social_thoughts t JOIN social_users u ON u.id = t.user_id WHERE t.id = $1";
    let read = |row: &store::Row<'_>| Ok::<_, Error>((Id(row.int(0)?), row.string(1)?));
    if let Some((user, handle)) = conn.query_opt(sql, &[parent.into()], read)?
        && user != author
    {
        put_mention(conn, thought, &handle, Some(user))?;
    }
    Ok(())
}
