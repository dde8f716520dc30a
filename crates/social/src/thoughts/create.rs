//! A thought that is written here.

use store::{Conn, v};
use uuid::Uuid;

use super::links::{put_mention, put_mentions, put_tags, tags_of};
use super::{NewContent, Row};
use crate::address::Addresses;
use crate::notifications::{self, Kind, Notified};
use crate::users::{HAS_MOVED, User};
use crate::visibility::rule;
use crate::{Error, Event, Id, Visibility, counts};

/// Pictures of one thought.
const MAX_PICTURES: usize = 4;

/// A thought to be. What it says has been checked.
#[derive(Clone, Debug)]
pub struct NewThought {
    /// What it says.
    pub content: NewContent,
    /// What it replies to.
    pub in_reply_to: Option<Id>,
    /// Who may see it; without it, who may see what it replies to, or everybody.
    pub visibility: Option<Visibility>,
    /// Pictures of the author's that belong to no thought yet, in order.
    pub attachments: Vec<Id>,
}

/// A thought that was written.
#[derive(Clone, Debug)]
pub struct Created {
    /// The thought.
    pub id: Id,
    /// What its address carries.
    pub uuid: String,
    /// What people here were told of it.
    pub notified: Vec<Notified>,
}

/// What it replies to.
struct Parent {
    row: Row,
    address: String,
    author_is_local: bool,
    author_handle: String,
}

/// Writes a thought.
pub fn create(
    conn: &mut Conn<'_>,
    now: i64,
    addresses: &Addresses,
    author: &User,
    new: &NewThought,
) -> Result<Created, Error> {
    if author.moved_to.is_some() {
        return Err(Error::Forbidden(HAS_MOVED));
    }
    let parent = new.in_reply_to.map(|id| parent(conn, addresses, author.id, id)).transpose()?;
    let inherited = parent.as_ref().map(|parent| parent.row.visibility);
    let visibility = match (new.visibility, inherited) {
        // What was said to few is not answered to everybody.
        (Some(wanted), Some(few @ (Visibility::Followers | Visibility::Private))) => wanted.max(few),
        (Some(wanted), _) => wanted,
        (None, Some(inherited)) => inherited,
        (None, None) => Visibility::Public,
    };
    let (id, uuid) = insert(conn, now, author.id, visibility, parent.as_ref(), new)?;
    counts::thought_added(
        conn,
        id.0,
        author.id.0,
        parent.as_ref().map(|parent| parent.row.id.0),
        visibility,
    )?;
    put_tags(conn, now, id, visibility, tags_of(&new.content.content))?;
    let mentioned = put_mentions(conn, addresses, id, author.id, &new.content.content)?;
    let mut notified = Vec::new();
    if let Some(parent) = &parent
        && parent.row.author != author.id
    {
        // Whoever is answered may see the answer, and their server is sent it.
        put_mention(conn, id, &parent.author_handle, Some(parent.row.author))?;
        if parent.author_is_local {
            notified.extend(notifications::add(
                conn,
                now,
                parent.row.author,
                Kind::Reply,
                author.id,
                Some(id),
            )?);
        }
    }
    for user in mentioned {
        if parent.as_ref().is_none_or(|parent| parent.row.author != user) {
            notified.extend(notifications::add(conn, now, user, Kind::Mention, author.id, Some(id))?);
        }
    }
    let sql = "UPDATE social_users SET active_at = $2 WHERE id = $1";
    conn.execute(sql, &[author.id.into(), v(now)])?;
    Event::ThoughtCreated { thought_id: id.0, user_id: author.id.0 }.write(conn, now)?;
    Ok(Created { id, uuid, notified })
}

/// What somebody may answer: what they see, of an author with whom there is no block.
fn parent(conn: &mut Conn<'_>, addresses: &Addresses, author: Id, id: Id) -> Result<Parent, Error> {
    let (sees, speaks) = (rule::sees(Some("$2")), rule::speaks("t.user_id", "$2"));
    let sql = format!(
        "SELECT u.host, u.handle_key FROM social_thoughts t JOIN social_users u ON u.id = t.user_id
         WHERE t.id = $1 AND {sees} AND {speaks}"
    );
    let read = |row: &store::Row<'_>| Ok::<_, Error>((row.opt_text(0)?.is_none(), row.string(1)?));
    let found = conn.query_opt(&sql, &[id.into(), author.into()], read)?;
    let (author_is_local, author_handle) = found.ok_or(Error::NotFound("thought"))?;
    let row = super::row(conn, id)?.ok_or(Error::NotFound("thought"))?;
    let address = row.ap_id.clone().unwrap_or_else(|| addresses.thought(&row.uuid));
    Ok(Parent { row, address, author_is_local, author_handle })
}

fn insert(
    conn: &mut Conn<'_>,
    now: i64,
    author: Id,
    visibility: Visibility,
    parent: Option<&Parent>,
    new: &NewThought,
) -> Result<(Id, String), Error> {
    let (uuid, content) = (Uuid::new_v4().to_string(), &new.content);
    let lower = content.content.to_lowercase();
    let sql =
        "INSERT INTO social_thoughts (id, uuid, user_id, content, search_text, thread_id, in_reply_to_id, in_reply_to_url,
             visibility, content_warning, sensitive, local, language, mood, created_at)
         VALUES ($1, $2, $3, $4, $14, $5, $6, $7, $8, $9, $10, 1, $11, $12, $13) ON CONFLICT DO NOTHING";
    let made = Id::insert(conn, "social_thoughts", now, |conn, id| {
        let params = [
            id.into(),
            v(&uuid),
            author.into(),
            v(&content.content),
            parent.map_or(id, |parent| parent.row.thread).into(),
            v(parent.map(|parent| parent.row.id.0)),
            v(parent.map(|parent| &*parent.address)),
            v(visibility.name()),
            v(content.content_warning.as_deref()),
            v(i64::from(content.sensitive)),
            v(content.language.as_deref()),
            v(content.mood.as_deref()),
            v(now),
            v(&lower),
        ];
        conn.execute(sql, &params)
    })?;
    let id = made.ok_or(Error::Taken("another thought has that address"))?;
    attach(conn, author, id, &new.attachments)?;
    Ok((id, uuid))
}

/// Gives a thought its pictures.
pub(super) fn attach(conn: &mut Conn<'_>, author: Id, thought: Id, pictures: &[Id]) -> Result<(), Error> {
    if pictures.len() > MAX_PICTURES {
        return Err(Error::Invalid(format!("a thought has at most {MAX_PICTURES} pictures")));
    }
    for (position, picture) in pictures.iter().enumerate() {
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        let rows = conn.execute(
            "UPDATE social_attachments SET thought_id = $3, position = $4
             WHERE id = $1 AND user_id = $2 AND created_at > 0 AND (thought_id IS NULL OR thought_id = $3)",
            &[(*picture).into(), author.into(), thought.into(), v(position)],
        )?;
        if rows == 0 {
            return Err(Error::Invalid(
                "there is no such picture of yours that is not in another thought".to_owned(),
            ));
        }
    }
    Ok(())
}
