//! Follows, their answers, and blocks.

use activitypub::object::ActivityType;
use activitypub::write::{self, ActivityDocument};
use serde_json::Value;
use social::Id;
use store::{Conn, v};
use uuid::Uuid;

use super::{Making, answer_follow, audience, follow_document};
use crate::Error;

/// Somebody here wants to follow somebody elsewhere. The activity's id is kept with the follow.
pub(super) fn requested(making: &mut Making<'_, '_>, follower: Id, followed: Id) -> Result<(), Error> {
    let (Some(from), Some(to)) = (local(making, follower)?, remote(making.conn, followed)?) else {
        return Ok(());
    };
    let kept = making.conn.query_opt(
        "SELECT activity_id FROM social_follows WHERE follower = $1 AND followed = $2",
        &[v(follower), v(followed)],
        |row| row.opt_text(0).map(|id| id.map(str::to_owned)),
    )?;
    let Some(kept) = kept else { return Ok(()) };
    let id = match kept {
        Some(id) => id,
        None => making.names.activity_of("follow", &Uuid::now_v7().to_string()),
    };
    making.conn.execute(
        "UPDATE social_follows SET activity_id = $3, sent_at = $4 WHERE follower = $1 AND followed = $2",
        &[v(follower), v(followed), v(&id), v(making.now)],
    )?;
    let inboxes = audience::person(making.conn, followed)?;
    making.send(follower, None, &follow_document(&id, &from, &to).to_json(), inboxes)
}

/// The same under another name, for the last time: a server that has dealt with the first one without an answer would take it for the
/// same again.
pub(super) fn asked_again(making: &mut Making<'_, '_>, follower: Id, followed: Id) -> Result<(), Error> {
    let id = making.names.activity_of("follow", &Uuid::now_v7().to_string());
    making.conn.execute(
        "UPDATE social_follows SET activity_id = $3, sent_at = NULL WHERE follower = $1 AND followed = $2",
        &[v(follower), v(followed), v(&id)],
    )?;
    let (Some(from), Some(to)) = (local(making, follower)?, remote(making.conn, followed)?) else {
        return Ok(());
    };
    let inboxes = audience::person(making.conn, followed)?;
    making.send(follower, None, &follow_document(&id, &from, &to).to_json(), inboxes)
}

/// Not any more.
pub(super) fn undone(
    making: &mut Making<'_, '_>,
    follower: Id,
    followed: Id,
    activity: Option<&str>,
) -> Result<(), Error> {
    let (Some(from), Some(to)) = (local(making, follower)?, remote(making.conn, followed)?) else {
        return Ok(());
    };
    // What was never sent need not be taken back.
    let Some(activity) = activity else { return Ok(()) };
    let undo = write::undo(&making.names.new_activity(), &follow_document(activity, &from, &to));
    let inboxes = audience::person(making.conn, followed)?;
    making.tell(follower, None, &undo, inboxes)
}

/// Somebody here answers somebody elsewhere who wants to follow them.
pub(super) fn answered(
    making: &mut Making<'_, '_>,
    follower: Id,
    followed: Id,
    activity: Option<&str>,
    accepted: bool,
) -> Result<(), Error> {
    let (Some(from), Some(to)) = (remote(making.conn, follower)?, local(making, followed)?) else {
        return Ok(());
    };
    let Some(activity) = activity else { return Ok(()) };
    let inboxes = audience::person(making.conn, follower)?;
    answer_follow(making, (followed, &to), (&from, inboxes), activity, accepted)
}

/// Somebody here blocks somebody elsewhere, or not any more.
pub(super) fn blocked(
    making: &mut Making<'_, '_>,
    blocker: Id,
    blocked: Id,
    activity: &str,
    holds: bool,
) -> Result<(), Error> {
    if !making.terms.tell_of_blocks {
        return Ok(());
    }
    let (Some(from), Some(to)) = (local(making, blocker)?, remote(making.conn, blocked)?) else {
        return Ok(());
    };
    let block = ActivityDocument::new(activity, ActivityType::Block, &from, Value::from(to.as_str()))
        .addressed((vec![to.as_str()], Vec::new()));
    let document = if holds { block.to_json() } else { write::undo(&making.names.new_activity(), &block) };
    let inboxes = audience::person(making.conn, blocked)?;
    making.tell(blocker, None, &document, inboxes)
}

/// The address of somebody at home.
pub(super) fn local(making: &mut Making<'_, '_>, id: Id) -> Result<Option<String>, Error> {
    let find = "SELECT uuid FROM social_users WHERE id = $1 AND host IS NULL";
    let uuid = making.conn.query_opt(find, &[v(id)], |row| row.string(0))?;
    Ok(uuid.map(|uuid| making.names.actor(&uuid)))
}

/// The address of somebody elsewhere.
pub(super) fn remote(conn: &mut Conn<'_>, id: Id) -> Result<Option<String>, Error> {
    let find = "SELECT ap_id FROM social_users WHERE id = $1 AND host IS NOT NULL";
    Ok(conn.query_opt(find, &[v(id)], |row| row.opt_text(0).map(|id| id.map(str::to_owned)))?.flatten())
}
