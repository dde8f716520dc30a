//! Follows, their answers, and blocks.

use activitypub::Address;
use activitypub::object::Actor;
use social::{Event, relations};
use store::v;

use super::{Applying, Told, told, unless_refused};
use crate::Error;

/// Somebody elsewhere wants to follow somebody here. Who may not is told so.
pub(super) fn follow(
    applying: &mut Applying<'_, '_>,
    actor: &Actor,
    followed: &str,
    id: &str,
) -> Result<Told, Error> {
    let Some(followed) = applying.local(followed)?.filter(|user| user.moved_to.is_none()) else {
        return Ok(Told::new());
    };
    let follower = applying.intern(actor)?;
    let (now, addresses) = (applying.now, applying.names.addresses());
    match relations::follow(applying.conn, now, addresses, &follower, &followed, Some(id)) {
        Ok(outcome) => {
            let mut told = told(outcome.notified);
            if outcome.is_accepted {
                told.push(social::Told::Changed { user_id: followed.id.0 });
            }
            Ok(told)
        }
        Err(social::Error::Forbidden(_)) => {
            let rejected = Event::FollowerRejected {
                follower: follower.id.0,
                followed: followed.id.0,
                activity_id: Some(id.to_owned()),
            };
            rejected.write(applying.conn, now)?;
            Ok(Told::new())
        }
        Err(error) => unless_refused(Err::<(), _>(error)).map(|_| Told::new()),
    }
}

/// Somebody elsewhere answers somebody here who wants to follow them: the follow with this name, or the one of this follower.
pub(super) fn answer(
    applying: &mut Applying<'_, '_>,
    by: &Address,
    follow: Option<&Address>,
    follower: Option<&Address>,
    accepted: bool,
) -> Result<Told, Error> {
    let Some(followed) = applying.known(by)? else { return Ok(Told::new()) };
    let by_name = match follow {
        Some(follow) => applying.conn.query_opt(
            "SELECT u.uuid FROM social_follows f JOIN social_users u ON u.id = f.follower WHERE f.activity_id = $1 AND f.followed = $2",
            &[v(follow.as_str()), v(followed.id)],
            |row| row.string(0),
        )?,
        None => None,
    };
    let by_follower = || follower.and_then(|address| applying.names.local_actor(address)).map(str::to_owned);
    let Some(uuid) = by_name.or_else(by_follower) else { return Ok(Told::new()) };
    let Some(follower) = applying.local(&uuid)? else { return Ok(Told::new()) };
    let now = applying.now;
    let done = if accepted {
        unless_refused(relations::accept(applying.conn, now, &follower, &followed))?.map(drop)
    } else {
        unless_refused(relations::reject(applying.conn, now, &follower, &followed))?
    };
    Ok(done.map(|()| social::Told::Changed { user_id: follower.id.0 }).into_iter().collect())
}

/// Somebody elsewhere wants nothing to do with somebody here.
pub(super) fn block(applying: &mut Applying<'_, '_>, actor: &Actor, blocked: &str) -> Result<Told, Error> {
    let Some(blocked) = applying.local(blocked)? else { return Ok(Told::new()) };
    let blocker = applying.intern(actor)?;
    let (now, addresses) = (applying.now, applying.names.addresses());
    let done = unless_refused(relations::block(applying.conn, now, addresses, &blocker, &blocked))?;
    Ok(done.map(|()| social::Told::Changed { user_id: blocked.id.0 }).into_iter().collect())
}
