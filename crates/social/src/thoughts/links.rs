//! What a text leads to: topics and people, as rows beside the thought.

use activitypub::text::{Segment, scan};
use store::{Conn, v};

use crate::address::Addresses;
use crate::relations::is_blocked;
use crate::{Error, Id, Visibility, users};

/// Characters of a topic.
const MAX_TAG: usize = 50;

/// Topics of one thought.
const MAX_TAGS: usize = 30;

/// Notes the topics of a thought, if everybody may see it.
pub(super) fn put_tags<'t>(
    conn: &mut Conn<'_>,
    now: i64,
    thought: Id,
    visibility: Visibility,
    names: impl Iterator<Item = &'t str>,
) -> Result<(), Error> {
    conn.execute("DELETE FROM social_thought_tags WHERE thought_id = $1", &[thought.into()])?;
    if visibility != Visibility::Public {
        return Ok(());
    }
    for name in names.map(str::to_lowercase).filter(|name| name.chars().count() <= MAX_TAG).take(MAX_TAGS) {
        let sql = "INSERT INTO social_tags (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        Id::insert(conn, "social_tags", now, |conn, id| conn.execute(sql, &[id.into(), v(&name)]))?;
        let sql = "INSERT INTO social_thought_tags (tag_id, thought_id) SELECT id, $2 FROM social_tags WHERE name = $1
                   ON CONFLICT DO NOTHING";
        conn.execute(sql, &[v(&name), thought.into()])?;
    }
    Ok(())
}

/// The topics that a text names.
pub(super) fn tags_of(text: &str) -> impl Iterator<Item = &str> {
    scan(text).into_iter().filter_map(|segment| match segment {
        Segment::Hashtag(name) => Some(name),
        _ => None,
    })
}

/// Notes whom a text mentions, as it is written; who those are that nobody here knows is found out later. Who is new among them
/// and at home here.
pub(crate) fn put_mentions(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    thought: Id,
    author: Id,
    text: &str,
) -> Result<Vec<Id>, Error> {
    let mut mentioned = Vec::new();
    for segment in scan(text) {
        let Segment::Mention { user, host } = segment else { continue };
        let host = host.filter(|host| !host.eq_ignore_ascii_case(addresses.domain()));
        let name = host.map_or_else(|| user.to_lowercase(), |host| format!("{user}@{host}").to_lowercase());
        let known = users::by_handle(conn, &name)?;
        if known.is_none() && host.is_none() {
            continue;
        }
        let known =
            known.filter(|user| !user.is_deleted && !user.is_suspended && user.uuid != users::INSTANCE);
        let id = known.as_ref().map(|user| user.id);
        if let Some(id) = id
            && is_blocked(conn, id, author)?
        {
            continue;
        }
        if put_mention(conn, thought, &name, id)? && known.is_some_and(|user| user.is_local()) {
            mentioned.extend(id);
        }
    }
    Ok(mentioned)
}

/// Notes that somebody is mentioned; whether that is new. Two people may be called the same in a text of another server: the second
/// is noted by their handle, or by their address, so that both may see it.
pub(crate) fn put_mention(
    conn: &mut Conn<'_>,
    thought: Id,
    name: &str,
    user: Option<Id>,
) -> Result<bool, Error> {
    if put_name(conn, thought, name, user)? {
        return Ok(true);
    }
    let Some(user) = user else { return Ok(false) };
    let sql = "SELECT 1 FROM social_thought_mentions WHERE thought_id = $1 AND user_id = $2";
    if conn.query_opt(sql, &[thought.into(), user.into()], |row| row.int(0))?.is_some() {
        return Ok(false);
    }
    let sql = "SELECT handle_key, coalesce(ap_id, uuid) FROM social_users WHERE id = $1";
    let names = |row: &store::Row<'_>| Ok::<_, Error>([row.string(0)?, row.string(1)?]);
    for name in conn.query_opt(sql, &[user.into()], names)?.into_iter().flatten() {
        if put_name(conn, thought, &name, Some(user))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether nobody was noted by that name before.
fn put_name(conn: &mut Conn<'_>, thought: Id, name: &str, user: Option<Id>) -> Result<bool, Error> {
    let rows = conn.execute(
        "INSERT INTO social_thought_mentions (thought_id, name, user_id, private)
         SELECT id, $2, $3, CASE visibility WHEN 'private' THEN 1 ELSE 0 END FROM social_thoughts WHERE id = $1
         ON CONFLICT DO NOTHING",
        &[thought.into(), v(name), v(user.map(|user| user.0))],
    )?;
    Ok(rows > 0)
}
