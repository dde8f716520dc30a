//! Somebody here has another account now: whoever follows them is told to follow that one, and this one rests.

use store::{Conn, v};

use super::follow_on;
use crate::address::Addresses;
use crate::users::{self, User};
use crate::{Error, Event, Id};

/// Nobody moves more often, in microseconds: each move makes everybody's server fetch and follow.
const EVERY: i64 = 7 * 86_400_000_000;

/// Moves somebody to an account whose description is fresh. It has to say that it is this person too, or anybody could be made to
/// follow it. Who here follows it now instead.
pub fn move_to(
    conn: &mut Conn<'_>,
    now: i64,
    addresses: &Addresses,
    me: Id,
    target: &User,
) -> Result<Vec<Id>, Error> {
    let old = find(conn, me)?;
    let own = addresses.actor(&old.uuid);
    if target.id == me {
        return invalid("nobody moves to where they are");
    }
    if old.moved_to.is_some() {
        return invalid("this account has moved already; bring it back before you move it elsewhere");
    }
    if target.moved_to.is_some() {
        return invalid("the other account has moved itself");
    }
    if !target.also_known_as.contains(&own) {
        return invalid(format!("the other account does not list this one: add {own} to its aliases first"));
    }
    let address = target.ap_id.clone().unwrap_or_else(|| addresses.actor(&target.uuid));
    let moved = conn.execute(
        "UPDATE social_users SET moved_to = $2, moved_at = $3, updated_at = $3 WHERE id = $1 AND coalesce(moved_at, 0) < $4",
        &[me.into(), v(&address), v(now), v(now - EVERY)],
    )?;
    if moved == 0 {
        return invalid("an account moves at most once in seven days");
    }
    Event::Moved { user_id: me.0, target: address }.write(conn, now)?;
    follow_on(conn, now, addresses, &old, target)
}

/// The account is used again. Followers do not come back by themselves.
pub fn come_back(conn: &mut Conn<'_>, now: i64, me: Id) -> Result<(), Error> {
    let sql =
        "UPDATE social_users SET moved_to = NULL, updated_at = $2 WHERE id = $1 AND moved_to IS NOT NULL";
    if conn.execute(sql, &[me.into(), v(now)])? == 0 {
        return Err(Error::NotFound("move"));
    }
    Event::ProfileUpdated { user_id: me.0 }.write(conn, now)
}

fn find(conn: &mut Conn<'_>, id: Id) -> Result<User, Error> {
    users::by_id(conn, id)?.ok_or(Error::NotFound("user"))
}

fn invalid<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::Invalid(message.into()))
}
