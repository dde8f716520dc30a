//! Likes, boosts, and whatever is taken back.

use activitypub::Address;
use activitypub::object::Actor;
use social::users::User;
use social::{Id, reactions, relations, thoughts};
use store::v;

use super::{Applying, Told, Undone, told, unless_refused};
use crate::Error;
use crate::inbox::notes::Incoming;

/// Somebody elsewhere likes a thought of somebody here.
pub(super) fn like(
    applying: &mut Applying<'_, '_>,
    actor: &Actor,
    uuid: &str,
    id: &str,
) -> Result<Told, Error> {
    let address = applying.names.thought(uuid);
    let Some(thought) = thoughts::by_address(applying.conn, applying.names.addresses(), &address)? else {
        return Ok(Told::new());
    };
    let user = applying.intern(actor)?;
    let liked = reactions::like(applying.conn, applying.now, &user, thought.id, name(id));
    Ok(told(unless_refused(liked)?.and_then(|liked| liked.notified)))
}

/// Somebody elsewhere boosts something.
pub(super) fn announce(
    applying: &mut Applying<'_, '_>,
    actor: &Actor,
    object: &Address,
    original: Option<&Incoming>,
    id: &str,
    at: Option<i64>,
) -> Result<Told, Error> {
    if let Some(original) = original {
        super::thoughts::keep(applying, original)?;
    }
    let Some(thought) = thoughts::by_address(applying.conn, applying.names.addresses(), object.as_str())?
    else {
        return Ok(Told::new());
    };
    let user = applying.intern(actor)?;
    let boosted = reactions::boost(applying.conn, applying.now, &user, thought.id, name(id), at);
    let Some(boosted) = unless_refused(boosted)?.filter(|boosted| boosted.is_new) else {
        return Ok(Told::new());
    };
    let mut told = told(boosted.notified);
    told.push(social::Told::Boosted { id: boosted.id.0, user_id: user.id.0, thought_id: thought.id.0 });
    Ok(told)
}

fn name(id: &str) -> Option<&str> {
    Some(id).filter(|id| !id.is_empty())
}

/// Somebody elsewhere takes back what they did: only they, and only that.
pub(super) fn undo(applying: &mut Applying<'_, '_>, by: &Address, undone: &Undone) -> Result<Told, Error> {
    let Some(user) = applying.known(by)? else { return Ok(Told::new()) };
    let now = applying.now;
    match undone {
        Undone::Follow(uuid) => {
            let Some(followed) = applying.local(uuid)? else { return Ok(Told::new()) };
            unless_refused(relations::unfollow(applying.conn, now, &user, &followed))?;
        }
        Undone::Block(uuid) => {
            let Some(blocked) = applying.local(uuid)? else { return Ok(Told::new()) };
            unless_refused(relations::unblock(applying.conn, now, &user, &blocked))?;
        }
        Undone::Like(object) => {
            if let Some(thought) =
                thoughts::by_address(applying.conn, applying.names.addresses(), object.as_str())?
            {
                reactions::unlike(applying.conn, now, &user, thought.id)?;
            }
        }
        Undone::Announce(object) => {
            if let Some(thought) =
                thoughts::by_address(applying.conn, applying.names.addresses(), object.as_str())?
            {
                reactions::unboost(applying.conn, now, &user, thought.id)?;
            }
        }
        Undone::Named(id) => named(applying, &user, id)?,
    }
    Ok(Told::new())
}

/// Whatever of theirs has this name.
fn named(applying: &mut Applying<'_, '_>, user: &User, id: &Address) -> Result<(), Error> {
    let (now, key) = (applying.now, [v(id.as_str()), v(user.id)]);
    let mut find = |sql: &str| applying.conn.query_opt(sql, &key, |row| row.int(0).map(Id));
    let liked = find("SELECT thought_id FROM social_likes WHERE ap_id = $1 AND user_id = $2")?;
    let boosted = find("SELECT thought_id FROM social_boosts WHERE ap_id = $1 AND user_id = $2")?;
    let followed = find("SELECT followed FROM social_follows WHERE activity_id = $1 AND follower = $2")?;
    if let Some(thought) = liked {
        reactions::unlike(applying.conn, now, user, thought)?;
    }
    if let Some(thought) = boosted {
        reactions::unboost(applying.conn, now, user, thought)?;
    }
    if let Some(followed) = followed
        && let Some(followed) = social::users::by_id(applying.conn, followed)?
    {
        unless_refused(relations::unfollow(applying.conn, now, user, &followed))?;
    }
    Ok(())
}
