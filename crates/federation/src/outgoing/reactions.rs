//! Likes and boosts.

use activitypub::object::ActivityType;
use activitypub::write::{self, ActivityDocument, PUBLIC};
use serde_json::Value;
use social::Id;
use store::{Conn, v};

use super::follows::local;
use super::{Making, audience};
use crate::Error;
use crate::names::Names;

/// What is reacted to: its address, and its author.
struct Subject {
    address: String,
    author: Id,
    author_address: String,
    author_is_remote: bool,
}

/// Somebody here likes a thought of somebody elsewhere, or not any more.
pub(super) fn liked(
    making: &mut Making<'_, '_>,
    uuid: &str,
    user: Id,
    thought: Id,
    holds: bool,
) -> Result<(), Error> {
    let (Some(from), Some(subject)) = (local(making, user)?, subject(making.conn, making.names, thought)?)
    else {
        return Ok(());
    };
    if !subject.author_is_remote {
        return Ok(());
    }
    let id = making.names.activity_of("like", uuid);
    let to = (vec![subject.author_address.as_str()], Vec::new());
    let like = ActivityDocument::new(&id, ActivityType::Like, &from, Value::from(subject.address.as_str()))
        .addressed(to);
    let document = if holds { like.to_json() } else { write::undo(&making.names.new_activity(), &like) };
    let inboxes = audience::person(making.conn, subject.author)?;
    making.send(user, None, &document, inboxes)
}

/// Somebody here boosts a thought, or not any more.
pub(super) fn boosted(
    making: &mut Making<'_, '_>,
    uuid: &str,
    user: Id,
    thought: Id,
    holds: bool,
) -> Result<(), Error> {
    let (Some(from), Some(subject)) = (local(making, user)?, subject(making.conn, making.names, thought)?)
    else {
        return Ok(());
    };
    let id = making.names.activity_of("announce", uuid);
    let followers = format!("{from}/followers");
    let announce = announce(&id, &from, &followers, &subject.address, &subject.author_address, making.now);
    let document =
        if holds { announce.to_json() } else { write::undo(&making.names.new_activity(), &announce) };
    let mut inboxes = audience::followers(making.conn, user)?;
    inboxes.extend(audience::person(making.conn, subject.author)?);
    making.send(user, None, &document, inboxes)
}

/// A boost as it is told.
pub(crate) fn announce<'a>(
    id: &'a str,
    actor: &'a str,
    followers: &'a str,
    object: &'a str,
    author: &'a str,
    at: i64,
) -> ActivityDocument<'a> {
    let document = ActivityDocument::new(id, ActivityType::Announce, actor, Value::from(object));
    let published = super::documents::time_of(at);
    ActivityDocument { published, ..document.addressed((vec![PUBLIC], vec![followers, author])) }
}

fn subject(conn: &mut Conn<'_>, names: &Names, thought: Id) -> Result<Option<Subject>, Error> {
    let find = "SELECT t.uuid, t.ap_id, u.id, u.uuid, u.ap_id FROM social_thoughts t JOIN social_users u ON u.id = t.user_id WHERE t.id = $1";
    conn.query_opt(find, &[v(thought)], |row| {
        let elsewhere = row.opt_text(4)?.map(str::to_owned);
        Ok(Subject {
            address: row
                .opt_text(1)?
                .map_or_else(|| Ok(names.thought(row.text(0)?)), |it| Ok::<_, store::Error>(it.to_owned()))?,
            author: Id(row.int(2)?),
            author_is_remote: elsewhere.is_some(),
            author_address: match elsewhere {
                Some(address) => address,
                None => names.actor(row.text(3)?),
            },
        })
    })
}
