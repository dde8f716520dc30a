//! A thought that was written elsewhere.

use activitypub::text::to_plain;
use store::{Conn, v};
use uuid::Uuid;

use super::links::{put_mention, put_tags};
use super::{Row, thread};
use crate::address::Addresses;
use crate::notifications::{self, Kind, Notified};
use crate::{Error, Id, Visibility, counts};

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

/// A thought of another server. Texts are harmless already, and it is its author's own.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the columns of social_thoughts, which the migration explains")]
pub struct RemoteThought {
    pub ap_id: String,
    pub url: Option<String>,
    pub author: Id,
    /// Sanitised HTML.
    pub content: String,
    pub content_warning: Option<String>,
    pub sensitive: bool,
    pub visibility: Visibility,
    pub in_reply_to: Option<String>,
    pub language: Option<String>,
    pub mood: Option<String>,
    /// JSON.
    pub extensions: Option<String>,
    pub published: Option<i64>,
    pub updated: Option<i64>,
    pub tags: Vec<String>,
    /// Who is mentioned, by what the text calls them, and who that is if it is known.
    pub mentions: Vec<(String, Option<Id>)>,
    pub attachments: Vec<RemoteAttachment>,
}

/// A picture of another server.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the columns of social_attachments, which the migration explains")]
pub struct RemoteAttachment {
    pub url: String,
    pub media_type: String,
    pub description: Option<String>,
    pub size: Option<(i64, i64)>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is new.
    Added {
        /// The thought.
        id: Id,
        /// What people here were told of it.
        notified: Vec<Notified>,
    },
    /// It was here and is newer now.
    Changed(Id),
    /// It was here, as new or newer.
    Kept(Id),
    /// It was deleted before, or it is somebody else's.
    Refused,
}

/// The thought at an address, from here or from elsewhere, whoever may see it.
pub fn by_address(conn: &mut Conn<'_>, addresses: &Addresses, address: &str) -> Result<Option<Row>, Error> {
    let (column, value) = match addresses.thought_at(address) {
        Some(uuid) => ("uuid", uuid),
        None => ("ap_id", address),
    };
    let sql = format!("SELECT id FROM social_thoughts WHERE {column} = $1");
    match conn.query_opt(&sql, &[v(value)], |row| row.int(0))? {
        Some(id) => super::row(conn, Id(id)),
        None => Ok(None),
    }
}

/// Stores a thought, or brings it up to date; what was changed later counts.
pub fn store(
    conn: &mut Conn<'_>,
    now: i64,
    addresses: &Addresses,
    new: &RemoteThought,
) -> Result<Stored, Error> {
    if let Some(row) = by_address(conn, addresses, &new.ap_id)? {
        if row.author != new.author || row.is_local {
            return Ok(Stored::Refused);
        }
        if !is_newer(conn, &row, new)? && !faults::mutant!("social-older-change-counts") {
            return Ok(Stored::Kept(row.id));
        }
        update(conn, now, &row, new)?;
        return Ok(Stored::Changed(row.id));
    }
    let sql = "SELECT 1 FROM social_tombstones WHERE ap_id = $1";
    let is_buried = conn.query_opt(sql, &[v(&new.ap_id)], |row| row.int(0))?.is_some();
    if is_buried && !faults::mutant!("social-deleted-comes-back") {
        return Ok(Stored::Refused);
    }
    let parent = match &new.in_reply_to {
        Some(address) => by_address(conn, addresses, address)?,
        None => None,
    };
    let id = insert(conn, now, parent.as_ref(), new)?;
    let parent_id = parent.as_ref().map(|parent| parent.id.0);
    counts::thought_added(conn, id.0, new.author.0, parent_id, new.visibility)?;
    thread::link_children(conn, id, parent.as_ref().map_or(id, |parent| parent.thread), &new.ap_id)?;
    put_details(conn, now, id, new.visibility, new)?;
    let notified = notify(conn, now, id, parent.as_ref(), new)?;
    Ok(Stored::Added { id, notified })
}

/// Whether it was changed later than what is here. Most servers say times in whole seconds: of what was changed in the same second, the
/// one that came last counts, if it says anything else.
fn is_newer(conn: &mut Conn<'_>, row: &Row, new: &RemoteThought) -> Result<bool, Error> {
    let (Some(updated), known) = (new.updated, row.updated_at.unwrap_or(row.created_at)) else {
        return Ok(false);
    };
    if updated > known {
        return Ok(true);
    }
    let is_whole = updated % SECOND == 0;
    if updated < if is_whole { known - known % SECOND } else { known } {
        return Ok(false);
    }
    let sql = "SELECT content, content_warning, sensitive FROM social_thoughts WHERE id = $1";
    let is_same = conn.query_opt(sql, &[row.id.into()], |found| {
        Ok::<_, Error>(
            found.text(0)? == new.content
                && found.opt_text(1)? == new.content_warning.as_deref()
                && found.bool(2)? == new.sensitive,
        )
    })?;
    Ok(is_same == Some(false))
}

fn insert(conn: &mut Conn<'_>, now: i64, parent: Option<&Row>, new: &RemoteThought) -> Result<Id, Error> {
    // Nothing is from the future.
    let created_at = new.published.unwrap_or(now).clamp(0, now);
    let (uuid, text) = (Uuid::new_v4().to_string(), to_plain(&new.content).to_lowercase());
    let sql =
        "INSERT INTO social_thoughts (id, uuid, user_id, content, search_text, thread_id, in_reply_to_id, in_reply_to_url,
             ap_id, url, visibility, content_warning, sensitive, local, language, note_extensions, mood, created_at,
             updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, $14, $15, $16, $17, $18)
         ON CONFLICT DO NOTHING";
    let made = Id::insert(conn, "social_thoughts", created_at, |conn, id| {
        let params = [
            id.into(),
            v(&uuid),
            new.author.into(),
            v(&new.content),
            v(&text),
            parent.map_or(id, |parent| parent.thread).into(),
            v(parent.map(|parent| parent.id.0)),
            v(new.in_reply_to.as_deref()),
            v(&new.ap_id),
            v(new.url.as_deref()),
            v(new.visibility.name()),
            v(new.content_warning.as_deref()),
            v(i64::from(new.sensitive)),
            v(new.language.as_deref()),
            v(new.extensions.as_deref()),
            v(new.mood.as_deref()),
            v(created_at),
            v(new.updated.filter(|updated| *updated > created_at)),
        ];
        conn.execute(sql, &params)
    })?;
    made.ok_or(Error::Taken("another thought has that address"))
}

/// Who may see it stays: whoever had it before has it.
fn update(conn: &mut Conn<'_>, now: i64, row: &Row, new: &RemoteThought) -> Result<(), Error> {
    conn.execute(
        "UPDATE social_thoughts SET content = $2, search_text = $3, content_warning = $4, sensitive = $5, language = $6,
             note_extensions = $7, mood = $8, url = $9, updated_at = $10 WHERE id = $1",
        &[
            row.id.into(),
            v(&new.content),
            v(&to_plain(&new.content).to_lowercase()),
            v(new.content_warning.as_deref()),
            v(i64::from(new.sensitive)),
            v(new.language.as_deref()),
            v(new.extensions.as_deref()),
            v(new.mood.as_deref()),
            v(new.url.as_deref()),
            // Never earlier than what it was before.
            v(new.updated.map(|updated| updated.max(row.updated_at.unwrap_or(row.created_at)))),
        ],
    )?;
    put_details(conn, now, row.id, row.visibility, new)
}

fn put_details(
    conn: &mut Conn<'_>,
    now: i64,
    id: Id,
    visibility: Visibility,
    new: &RemoteThought,
) -> Result<(), Error> {
    put_tags(conn, now, id, visibility, new.tags.iter().map(String::as_str))?;
    conn.execute("DELETE FROM social_thought_mentions WHERE thought_id = $1", &[id.into()])?;
    for (name, user) in &new.mentions {
        put_mention(conn, id, &name.trim_start_matches('@').to_lowercase(), *user)?;
    }
    conn.execute("DELETE FROM social_attachments WHERE thought_id = $1", &[id.into()])?;
    for (position, picture) in new.attachments.iter().enumerate() {
        let (sql, uuid) = (
            "INSERT INTO social_attachments (id, uuid, user_id, thought_id, position, media_type, remote_url, width, height,
                 description, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
            Uuid::new_v4().to_string(),
        );
        Id::insert(conn, "social_attachments", now, |conn, row| {
            let params = [
                row.into(),
                v(&uuid),
                new.author.into(),
                id.into(),
                v(i64::try_from(position).unwrap_or(i64::MAX)),
                v(&picture.media_type),
                v(&picture.url),
                v(picture.size.map(|(width, _)| width)),
                v(picture.size.map(|(_, height)| height)),
                v(picture.description.as_deref()),
                v(now),
            ];
            conn.execute(sql, &params)
        })?;
    }
    Ok(())
}

fn notify(
    conn: &mut Conn<'_>,
    now: i64,
    id: Id,
    parent: Option<&Row>,
    new: &RemoteThought,
) -> Result<Vec<Notified>, Error> {
    let mut notified = Vec::new();
    let answered = parent.filter(|parent| parent.is_local).map(|parent| parent.author);
    // Somebody who is answered without being among those it is meant for does not see it.
    if let Some(author) = answered
        && super::visible(conn, Some(author), id)?
    {
        notified.extend(notifications::add(conn, now, author, Kind::Reply, new.author, Some(id))?);
    }
    for user in new.mentions.iter().filter_map(|(_, user)| *user) {
        if answered != Some(user) {
            notified.extend(notifications::add(conn, now, user, Kind::Mention, new.author, Some(id))?);
        }
    }
    Ok(notified)
}
