//! Accounts that are somewhere else now: whoever followed the old one follows the new one.

use activitypub::object::Actor;
use social::users::User;
use social::{Id, moving};
use store::{Conn, v};

use super::{Applying, Told};
use crate::Error;

/// Nobody moves more often, in microseconds.
const MOVES_EVERY: i64 = 7 * 86_400_000_000;

/// Whether somebody is known here and has not just moved: where others go to nobody has to be asked.
pub(crate) fn may_move(conn: &mut Conn<'_>, now: i64, actor: &str) -> Result<bool, store::Error> {
    let find =
        "SELECT 1 FROM social_users WHERE ap_id = $1 AND deleted_at IS NULL AND coalesce(moved_at, 0) < $2";
    Ok(conn.query_opt(find, &[v(actor), v(now - MOVES_EVERY)], |row| row.int(0))?.is_some())
}

/// To an account elsewhere that says it was this one.
pub(super) fn moved(applying: &mut Applying<'_, '_>, actor: &Actor, target: &Actor) -> Result<Told, Error> {
    if !target.also_known_as.contains(&actor.id) {
        return Ok(Told::new());
    }
    let Some(old) = begin(applying, actor, target.id.as_str())? else { return Ok(Told::new()) };
    let new = applying.intern(target)?;
    follow_on(applying, &old, &new)
}

/// To an account here that says so.
pub(super) fn moved_here(applying: &mut Applying<'_, '_>, actor: &Actor, uuid: &str) -> Result<Told, Error> {
    let Some(new) = applying.local(uuid)? else { return Ok(Told::new()) };
    if !new.also_known_as.iter().any(|known| known == actor.id.as_str()) {
        return Ok(Told::new());
    }
    let address = applying.names.actor(uuid);
    let Some(old) = begin(applying, actor, &address)? else { return Ok(Told::new()) };
    follow_on(applying, &old, &new)
}

/// Notes the move of somebody who is known and has not just moved.
fn begin(applying: &mut Applying<'_, '_>, actor: &Actor, target: &str) -> Result<Option<User>, Error> {
    let Some(old) = applying.known(&actor.id)? else { return Ok(None) };
    let noted = applying.conn.execute(
        "UPDATE social_users SET moved_to = $2, moved_at = $3 WHERE id = $1 AND coalesce(moved_at, 0) < $4",
        &[v(old.id), v(target), v(applying.now), v(applying.now - MOVES_EVERY)],
    )?;
    Ok((noted > 0).then_some(old))
}

fn follow_on(applying: &mut Applying<'_, '_>, old: &User, new: &User) -> Result<Told, Error> {
    let (now, addresses) = (applying.now, applying.names.addresses());
    let followers = moving::follow_on(applying.conn, now, addresses, old, new)?;
    Ok(followers.into_iter().map(|Id(user_id)| social::Told::Changed { user_id }).collect())
}
