//! Something that was written here.

use std::collections::HashMap;

use activitypub::object::ActivityType;
use activitypub::text::Target;
use activitypub::webfinger::Handle;
use activitypub::write::{ActivityDocument, NoteDocument};
use serde_json::{Value, json};
use social::{Id, Visibility};
use store::{Conn, v};

use super::time_of;
use crate::Error;
use crate::names::Names;

/// A thought of somebody at home, with everything that others are told of it.
#[derive(Clone, Debug)]
pub(crate) struct LocalNote {
    pub(crate) id: Id,
    pub(crate) address: String,
    pub(crate) author: Id,
    pub(crate) author_address: String,
    pub(crate) visibility: Visibility,
    /// Who wrote what it answers, if they are elsewhere.
    pub(crate) parent_author: Option<Id>,
    pub(crate) created_at: i64,
    /// `to` and `cc`.
    audience: (Vec<String>, Vec<String>),
    /// With its context.
    document: Value,
}

impl LocalNote {
    /// With its context.
    pub(crate) fn document(&self) -> &Value {
        &self.document
    }

    /// Without.
    pub(crate) fn embedded(&self) -> Value {
        let mut note = self.document.clone();
        if let Some(note) = note.as_object_mut() {
            note.remove("@context");
        }
        note
    }

    pub(crate) fn audience(&self) -> (Vec<&str>, Vec<&str>) {
        let (to, cc) = &self.audience;
        (to.iter().map(String::as_str).collect(), cc.iter().map(String::as_str).collect())
    }

    /// The name of the activity that made it.
    pub(crate) fn create_id(&self) -> String {
        format!("{}/activity", self.address)
    }

    /// The activity that made it, with the note in it.
    pub(crate) fn create(&self) -> Creation<'_> {
        self.create_as(self.create_id())
    }

    /// An activity of another name that says the same.
    pub(crate) fn create_as(&self, id: String) -> Creation<'_> {
        Creation { id, note: self }
    }
}

/// A Create of one of our notes.
pub(crate) struct Creation<'n> {
    id: String,
    note: &'n LocalNote,
}

impl Creation<'_> {
    fn document(&self) -> ActivityDocument<'_> {
        let note = self.note;
        let document =
            ActivityDocument::new(&self.id, ActivityType::Create, &note.author_address, note.embedded());
        ActivityDocument { published: time_of(note.created_at), ..document.addressed(note.audience()) }
    }

    /// With a context.
    pub(crate) fn to_json(&self) -> Value {
        self.document().to_json()
    }

    /// Without.
    pub(crate) fn embedded(&self) -> Value {
        self.document().embedded()
    }
}

struct Row {
    id: Id,
    uuid: String,
    author: Id,
    author_uuid: String,
    content: String,
    visibility: String,
    warning: Option<String>,
    sensitive: bool,
    language: Option<String>,
    mood: Option<String>,
    created_at: i64,
    updated_at: Option<i64>,
    parent_url: Option<String>,
    parent_uuid: Option<String>,
    parent_author: Option<(Id, String)>,
}

struct Mention {
    name: String,
    handle: Handle,
    actor: String,
    url: String,
}

/// The thought of this row.
pub(crate) fn local_note(conn: &mut Conn<'_>, names: &Names, id: Id) -> Result<Option<LocalNote>, Error> {
    Ok(find(conn, names, "t.id", &[v(id)])?.pop())
}

/// The thought with this uuid.
pub(crate) fn local_note_by_uuid(
    conn: &mut Conn<'_>,
    names: &Names,
    uuid: &str,
) -> Result<Option<LocalNote>, Error> {
    Ok(find(conn, names, "t.uuid", &[v(uuid)])?.pop())
}

/// The thoughts of these rows, in whatever order, by as many statements as one takes.
pub(crate) fn local_notes(
    conn: &mut Conn<'_>,
    names: &Names,
    ids: &[Id],
) -> Result<HashMap<Id, LocalNote>, Error> {
    let keys: Vec<store::Value<'_>> = ids.iter().map(|id| v(*id)).collect();
    let notes = find(conn, names, "t.id", &keys)?;
    Ok(notes.into_iter().map(|note| (note.id, note)).collect())
}

fn places(keys: &[store::Value<'_>]) -> String {
    (1..=keys.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

fn find(
    conn: &mut Conn<'_>,
    names: &Names,
    column: &str,
    keys: &[store::Value<'_>],
) -> Result<Vec<LocalNote>, Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT t.id, t.uuid, t.user_id, u.uuid, t.content, t.visibility, t.content_warning, t.sensitive, t.language, t.mood, t.created_at,
            t.updated_at, coalesce(p.ap_id, t.in_reply_to_url), CASE WHEN p.ap_id IS NULL THEN p.uuid END, a.id, a.ap_id
         FROM social_thoughts t JOIN social_users u ON u.id = t.user_id
         LEFT JOIN social_thoughts p ON p.id = t.in_reply_to_id LEFT JOIN social_users a ON a.id = p.user_id
         WHERE {column} IN ({}) AND t.local = 1 AND u.deleted_at IS NULL AND u.suspended_at IS NULL",
        places(keys)
    );
    let rows = conn.query(&sql, keys, |row| {
        let text = |column| row.opt_text(column).map(|text| text.map(str::to_owned));
        Ok::<_, Error>(Row {
            id: Id(row.int(0)?),
            uuid: row.string(1)?,
            author: Id(row.int(2)?),
            author_uuid: row.string(3)?,
            content: row.string(4)?,
            visibility: row.string(5)?,
            warning: text(6)?,
            sensitive: row.bool(7)?,
            language: text(8)?,
            mood: text(9)?,
            created_at: row.int(10)?,
            updated_at: row.opt_int(11)?,
            parent_url: text(12)?,
            parent_uuid: text(13)?,
            parent_author: row.opt_int(14)?.map(Id).zip(text(15)?),
        })
    })?;
    let ids: Vec<store::Value<'_>> = rows.iter().map(|row| v(row.id)).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut mentions = mentions(conn, names, &ids)?;
    let mut attachments = attachments(conn, names, &ids)?;
    let mut tags = tags(conn, &ids)?;
    let written = rows.into_iter().map(|row| {
        let mentions = mentions.remove(&row.id).unwrap_or_default();
        let attachments = attachments.remove(&row.id).unwrap_or_default();
        let tags = with_tags_of(tags.remove(&row.id).unwrap_or_default(), &row.content);
        write(names, row, &mentions, &tags, attachments)
    });
    Ok(written.collect())
}

/// What belongs to thoughts, by them: their ids are in the first column.
fn grouped<T>(
    conn: &mut Conn<'_>,
    sql: &str,
    ids: &[store::Value<'_>],
    read: impl Fn(&store::Row<'_>) -> Result<T, Error>,
) -> Result<HashMap<Id, Vec<T>>, Error> {
    let mut groups: HashMap<Id, Vec<T>> = HashMap::new();
    conn.for_each(&sql.replace("{ids}", &places(ids)), ids, |row| {
        groups.entry(Id(row.int(0)?)).or_default().push(read(row)?);
        Ok::<_, Error>(())
    })?;
    Ok(groups)
}

fn write(
    names: &Names,
    row: Row,
    mentions: &[Mention],
    tags: &[String],
    attachments: Vec<Value>,
) -> LocalNote {
    let (address, author_address) = (names.thought(&row.uuid), names.actor(&row.author_uuid));
    let followers = format!("{author_address}/followers");
    let hrefs: Vec<String> = tags.iter().map(|tag| names.tag(tag)).collect();
    let people = mentions.iter().map(|mention| {
        let (user, host) = mention
            .name
            .split_once('@')
            .map_or((mention.name.as_str(), None), |(user, host)| (user, Some(host)));
        Target::Mention {
            user,
            host,
            handle: mention.handle.clone(),
            actor: &mention.actor,
            url: &mention.url,
        }
    });
    let topics = tags.iter().zip(&hrefs).map(|(name, href)| Target::Hashtag { name, href });
    let targets: Vec<Target<'_>> = people.chain(topics).collect();
    let parent = row.parent_uuid.as_deref().map(|uuid| names.thought(uuid)).or(row.parent_url);
    let visibility = Visibility::named(&row.visibility).unwrap_or(Visibility::Private);
    let also: Vec<&str> = row
        .parent_author
        .iter()
        .filter(|_| visibility != Visibility::Private)
        .map(|(_, address)| address.as_str())
        .collect();
    let note = NoteDocument {
        id: &address,
        attributed_to: &author_address,
        followers: &followers,
        content: &row.content,
        targets: &targets,
        language: row.language.as_deref(),
        visibility: outside(visibility),
        also: &also,
        published: time_of(row.created_at),
        updated: row.updated_at.and_then(time_of),
        in_reply_to: parent.as_deref(),
        sensitive: row.sensitive,
        summary: row.warning.as_deref(),
        mood: row.mood.as_deref(),
    };
    let owned = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
    let (to, cc) = note.audience();
    let audience = (owned(to), owned(cc));
    let mut document = note.to_json();
    if matches!(visibility, Visibility::Public | Visibility::Unlisted) {
        document["replies"] = Value::from(format!("{address}/replies"));
    }
    if !attachments.is_empty() {
        document["attachment"] = Value::from(attachments);
    }
    LocalNote {
        id: row.id,
        author: row.author,
        visibility,
        parent_author: row.parent_author.map(|(id, _)| id),
        created_at: row.created_at,
        audience,
        document,
        author_address,
        address,
    }
}

fn outside(visibility: Visibility) -> activitypub::object::Visibility {
    match visibility {
        Visibility::Public => activitypub::object::Visibility::Public,
        Visibility::Unlisted => activitypub::object::Visibility::Unlisted,
        Visibility::Followers => activitypub::object::Visibility::Followers,
        Visibility::Private => activitypub::object::Visibility::Private,
    }
}

/// Those who are known: who is not stays text.
fn mentions(
    conn: &mut Conn<'_>,
    names: &Names,
    ids: &[store::Value<'_>],
) -> Result<HashMap<Id, Vec<Mention>>, Error> {
    let found = grouped(
        conn,
        "SELECT m.thought_id, m.name, u.username, u.host, u.uuid, u.ap_id, u.url FROM social_thought_mentions m
         JOIN social_users u ON u.id = m.user_id WHERE m.thought_id IN ({ids}) ORDER BY m.thought_id, m.name",
        ids,
        |row| {
            let (username, host) = (row.text(2)?, row.opt_text(3)?.unwrap_or(names.domain()));
            let actor = match row.opt_text(5)? {
                Some(address) => address.to_owned(),
                None => names.actor(row.text(4)?),
            };
            let url = match (row.opt_text(6)?, row.opt_text(5)?) {
                (Some(url), _) => url.to_owned(),
                (None, Some(address)) => address.to_owned(),
                (None, None) => names.profile(username),
            };
            let name = row.string(1)?;
            Ok(Handle::new(username, host).map(|handle| Mention { name, handle, actor, url }))
        },
    )?;
    Ok(found.into_iter().map(|(id, found)| (id, found.into_iter().flatten().collect())).collect())
}

fn tags(conn: &mut Conn<'_>, ids: &[store::Value<'_>]) -> Result<HashMap<Id, Vec<String>>, Error> {
    let sql = "SELECT x.thought_id, g.name FROM social_thought_tags x JOIN social_tags g ON g.id = x.tag_id
               WHERE x.thought_id IN ({ids}) ORDER BY x.thought_id, g.name";
    grouped(conn, sql, ids, |row| Ok(row.string(1)?))
}

/// The hashtags of a text: those that are kept for it, and those of thoughts that are in no list.
fn with_tags_of(mut tags: Vec<String>, content: &str) -> Vec<String> {
    for segment in activitypub::text::scan(content) {
        if let activitypub::text::Segment::Hashtag(name) = segment {
            let name = name.to_lowercase();
            if tags.len() < 30 && name.chars().count() <= 50 && !tags.contains(&name) {
                tags.push(name);
            }
        }
    }
    tags
}

fn attachments(
    conn: &mut Conn<'_>,
    names: &Names,
    ids: &[store::Value<'_>],
) -> Result<HashMap<Id, Vec<Value>>, Error> {
    grouped(
        conn,
        "SELECT thought_id, media_type, path, description, width, height, blurhash FROM social_attachments
         WHERE thought_id IN ({ids}) AND path IS NOT NULL ORDER BY thought_id, position, id",
        ids,
        |row| {
            let mut document =
                json!({ "type": "Document", "mediaType": row.text(1)?, "url": names.media(row.text(2)?) });
            for (name, value) in [
                ("name", row.opt_text(3)?.map(Value::from)),
                ("width", row.opt_int(4)?.map(Value::from)),
                ("height", row.opt_int(5)?.map(Value::from)),
                ("blurhash", row.opt_text(6)?.map(Value::from)),
            ] {
                if let Some(value) = value {
                    document[name] = value;
                }
            }
            Ok(document)
        },
    )
}
