//! Thoughts as they are shown: a page of them in a few statements, however many they are.

use std::collections::HashMap;

use store::{Conn, Row, v};

use crate::users::{self, User};
use crate::visibility::rule;
use crate::{Error, Id, Visibility, sql};

/// A thought with all that is shown with it, for one viewer.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the columns of social_thoughts, which the migration explains")]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own")]
pub struct Thought {
    pub id: Id,
    pub uuid: String,
    pub author: User,
    pub content: String,
    pub thread: Id,
    pub in_reply_to: Option<Id>,
    pub in_reply_to_uuid: Option<String>,
    pub in_reply_to_author: Option<Id>,
    pub in_reply_to_url: Option<String>,
    pub ap_id: Option<String>,
    pub url: Option<String>,
    pub visibility: Visibility,
    pub content_warning: Option<String>,
    pub sensitive: bool,
    pub is_local: bool,
    pub language: Option<String>,
    /// JSON.
    pub extensions: Option<String>,
    pub mood: Option<String>,
    pub created_at: i64,
    pub updated_at: Option<i64>,
    pub likes: i64,
    pub boosts: i64,
    pub replies: i64,
    pub is_liked: bool,
    pub is_boosted: bool,
    pub is_bookmarked: bool,
    pub attachments: Vec<Attachment>,
    pub mentions: Vec<Mention>,
    /// Names of topics.
    pub tags: Vec<String>,
}

/// A picture.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the columns of social_attachments, which the migration explains")]
pub struct Attachment {
    pub id: Id,
    pub media_type: String,
    pub path: Option<String>,
    pub remote_url: Option<String>,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub blurhash: Option<String>,
    pub description: Option<String>,
    pub focus: Option<String>,
}

/// Somebody who is mentioned and known here.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the columns of social_users, which the migration explains")]
pub struct Mention {
    /// As the text calls them, in lower case, without `@` in front.
    pub name: String,
    pub user_id: Id,
    pub uuid: String,
    pub username: String,
    pub host: Option<String>,
    pub ap_id: Option<String>,
    pub url: Option<String>,
}

/// Whether somebody may see a thought that they come across.
pub fn visible(conn: &mut Conn<'_>, viewer: Option<Id>, id: Id) -> Result<bool, Error> {
    let sql =
        format!("SELECT 1 FROM social_thoughts t WHERE t.id = $1 AND {}", rule::sees(viewer.map(|_| "$2")));
    let params = [id.into(), v(viewer.map(|viewer| viewer.0))];
    Ok(conn.query_opt(&sql, &params, |row| row.int(0))?.is_some())
}

/// The thoughts of `ids`, in that order, without those that the viewer may not see.
pub fn load(conn: &mut Conn<'_>, viewer: Option<Id>, ids: &[Id]) -> Result<Vec<Thought>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let list = sql::Ids::new(conn.engine(), numbers.iter().copied());
    let mut rows = rows(conn, viewer, &list)?;
    let authors: Vec<i64> = rows.values().map(|(author, _)| *author).collect();
    let authors = users::by_ids(conn, &authors)?;
    let authors: HashMap<i64, User> = authors.into_iter().map(|user| (user.id.0, user)).collect();
    let mut attachments = attachments(conn, &list)?;
    let mut mentions = mentions(conn, &list)?;
    let mut tags = tags(conn, &list)?;
    let assemble = |id: i64| {
        let (author, build) = rows.remove(&id)?;
        let mut thought = build(authors.get(&author)?.clone());
        thought.attachments = attachments.remove(&id).unwrap_or_default();
        thought.mentions = mentions.remove(&id).unwrap_or_default();
        thought.tags = tags.remove(&id).unwrap_or_default();
        Some(thought)
    };
    Ok(numbers.into_iter().filter_map(assemble).collect())
}

/// What a thought is made of when its author is there.
type Build = Box<dyn FnOnce(User) -> Thought>;

fn rows(
    conn: &mut Conn<'_>,
    viewer: Option<Id>,
    list: &sql::Ids,
) -> Result<HashMap<i64, (i64, Build)>, Error> {
    // Nobody has the id 0.
    let me = viewer.map_or(0, |viewer| viewer.0);
    let sees = rule::sees(viewer.map(|_| "$1"));
    let sql = format!(
        "SELECT t.id, t.user_id, t.uuid, t.content, t.thread_id, t.in_reply_to_id, p.uuid, t.in_reply_to_url, t.ap_id, t.url,
             t.visibility, t.content_warning, t.sensitive, t.local, t.language, t.note_extensions, t.mood, t.created_at,
             t.updated_at, c.likes, c.boosts, c.replies,
             EXISTS (SELECT 1 FROM social_likes l WHERE l.user_id = $1 AND l.thought_id = t.id),
             EXISTS (SELECT 1 FROM social_boosts l WHERE l.user_id = $1 AND l.thought_id = t.id),
             EXISTS (SELECT 1 FROM social_bookmarks l WHERE l.user_id = $1 AND l.thought_id = t.id), p.user_id
         FROM social_thoughts t JOIN social_thought_counts c ON c.thought_id = t.id
         LEFT JOIN social_thoughts p ON p.id = t.in_reply_to_id
         WHERE t.id {} AND {sees}",
        list.among(2)
    );
    let rows = conn.query(&sql, &[v(me), list.value()], |row| {
        Ok::<_, Error>((row.int(0)?, (row.int(1)?, build(row)?)))
    })?;
    Ok(rows.into_iter().collect())
}

fn build(row: &Row<'_>) -> Result<Build, Error> {
    let text = |column| Ok::<_, Error>(row.opt_text(column)?.map(str::to_owned));
    let (id, uuid, content, thread) = (Id(row.int(0)?), row.string(2)?, row.string(3)?, Id(row.int(4)?));
    let (in_reply_to, in_reply_to_uuid, in_reply_to_url) = (row.opt_int(5)?.map(Id), text(6)?, text(7)?);
    let (ap_id, url, visibility) = (text(8)?, text(9)?, Visibility::stored(row.text(10)?)?);
    let (content_warning, sensitive, is_local) = (text(11)?, row.bool(12)?, row.bool(13)?);
    let (language, extensions, mood) = (text(14)?, text(15)?, text(16)?);
    let (created_at, updated_at) = (row.int(17)?, row.opt_int(18)?);
    let (likes, boosts, replies) = (row.int(19)?, row.int(20)?, row.int(21)?);
    let (is_liked, is_boosted, is_bookmarked) = (row.bool(22)?, row.bool(23)?, row.bool(24)?);
    let in_reply_to_author = row.opt_int(25)?.map(Id);
    Ok(Box::new(move |author| Thought {
        id,
        uuid,
        author,
        content,
        thread,
        in_reply_to,
        in_reply_to_uuid,
        in_reply_to_author,
        in_reply_to_url,
        ap_id,
        url,
        visibility,
        content_warning,
        sensitive,
        is_local,
        language,
        extensions,
        mood,
        created_at,
        updated_at,
        likes,
        boosts,
        replies,
        is_liked,
        is_boosted,
        is_bookmarked,
        attachments: Vec::new(),
        mentions: Vec::new(),
        tags: Vec::new(),
    }))
}

fn attachments(conn: &mut Conn<'_>, list: &sql::Ids) -> Result<HashMap<i64, Vec<Attachment>>, Error> {
    let sql = format!(
        "SELECT thought_id, id, media_type, path, remote_url, width, height, blurhash, description, focus
         FROM social_attachments WHERE thought_id {} ORDER BY thought_id, position",
        list.among(1)
    );
    grouped(conn, &sql, list, |row| {
        let text = |column| Ok::<_, Error>(row.opt_text(column)?.map(str::to_owned));
        Ok(Attachment {
            id: Id(row.int(1)?),
            media_type: row.string(2)?,
            path: text(3)?,
            remote_url: text(4)?,
            width: row.opt_int(5)?,
            height: row.opt_int(6)?,
            blurhash: text(7)?,
            description: text(8)?,
            focus: text(9)?,
        })
    })
}

fn mentions(conn: &mut Conn<'_>, list: &sql::Ids) -> Result<HashMap<i64, Vec<Mention>>, Error> {
    let sql = format!(
        "SELECT m.thought_id, m.name, u.id, u.uuid, u.username, u.host, u.ap_id, u.url FROM social_thought_mentions m
         JOIN social_users u ON u.id = m.user_id WHERE m.thought_id {} ORDER BY m.thought_id, m.name",
        list.among(1)
    );
    grouped(conn, &sql, list, |row| {
        let text = |column| Ok::<_, Error>(row.opt_text(column)?.map(str::to_owned));
        Ok(Mention {
            name: row.string(1)?,
            user_id: Id(row.int(2)?),
            uuid: row.string(3)?,
            username: row.string(4)?,
            host: text(5)?,
            ap_id: text(6)?,
            url: text(7)?,
        })
    })
}

fn tags(conn: &mut Conn<'_>, list: &sql::Ids) -> Result<HashMap<i64, Vec<String>>, Error> {
    let sql = format!(
        "SELECT l.thought_id, g.name FROM social_thought_tags l JOIN social_tags g ON g.id = l.tag_id
         WHERE l.thought_id {} ORDER BY l.thought_id, g.name",
        list.among(1)
    );
    grouped(conn, &sql, list, |row| Ok(row.string(1)?))
}

/// Rows by the thought that they belong to, which is their first column.
fn grouped<T>(
    conn: &mut Conn<'_>,
    sql: &str,
    list: &sql::Ids,
    read: impl Fn(&Row<'_>) -> Result<T, Error>,
) -> Result<HashMap<i64, Vec<T>>, Error> {
    let mut groups: HashMap<i64, Vec<T>> = HashMap::new();
    conn.for_each(sql, &[list.value()], |row| {
        groups.entry(row.int(0)?).or_default().push(read(row)?);
        Ok::<_, Error>(())
    })?;
    Ok(groups)
}
