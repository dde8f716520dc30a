//! Others themselves.

use activitypub::Address;
use activitypub::object::Actor;
use social::{Id, relations, users};
use store::{Conn, v};

use super::{Applying, Told, unless_refused};
use crate::Error;

/// Somebody describes themselves anew. Of those whom nobody here knows nothing is kept.
pub(super) fn profile(applying: &mut Applying<'_, '_>, actor: &Actor) -> Result<Told, Error> {
    if applying.known(&actor.id)?.is_some() {
        applying.intern(actor)?;
    }
    Ok(Told::new())
}

/// Somebody is gone, and all that was theirs.
pub(super) fn ended(applying: &mut Applying<'_, '_>, actor: &Address) -> Result<Told, Error> {
    if let Some(user) = applying.known(actor)?.filter(|user| !user.is_local()) {
        users::remove(applying.conn, user.id)?;
    }
    Ok(Told::new())
}

/// Somebody whose server does not know them any more follows nobody here.
pub(crate) fn let_go(conn: &mut Conn<'_>, now: i64, gone: Id) -> Result<(), Error> {
    let Some(follower) = users::by_id(conn, gone)?.filter(|user| !user.is_local()) else { return Ok(()) };
    let followed =
        conn.query("SELECT followed FROM social_follows WHERE follower = $1", &[v(gone)], |row| {
            row.int(0).map(Id)
        })?;
    for followed in followed {
        if let Some(followed) = users::by_id(conn, followed)? {
            unless_refused(relations::unfollow(conn, now, &follower, &followed))?;
        }
    }
    Ok(())
}
