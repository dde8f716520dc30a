//! Profiles, moves and ends of people here.

use activitypub::object::ActivityType;
use activitypub::write::{ActivityDocument, PUBLIC};
use serde_json::Value;
use social::Id;

use super::documents::person;
use super::follows::local;
use super::{Making, audience};
use crate::Error;

/// Somebody's profile is another.
pub(super) fn updated(making: &mut Making<'_, '_>, user: Id) -> Result<(), Error> {
    let Some(person) = person(making.conn, making.names, user)? else { return Ok(()) };
    let (id, followers) = (making.names.new_activity(), format!("{}/followers", person.address));
    let document = ActivityDocument::new(&id, ActivityType::Update, &person.address, person.document.clone())
        .addressed((vec![PUBLIC], vec![&followers]));
    let inboxes = audience::followers(making.conn, user)?;
    making.send(user, Some(person.address.clone()), &document.to_json(), inboxes)
}

/// Somebody has another account now.
pub(super) fn moved(making: &mut Making<'_, '_>, user: Id, target: &str) -> Result<(), Error> {
    updated(making, user)?;
    let Some(actor) = local(making, user)? else { return Ok(()) };
    let (id, followers) = (making.names.new_activity(), format!("{actor}/followers"));
    let document = ActivityDocument::new(&id, ActivityType::Move, &actor, Value::from(actor.as_str()));
    let document =
        ActivityDocument { target: Some(target), ..document.addressed((vec![&followers], Vec::new())) };
    let inboxes = audience::followers(making.conn, user)?;
    making.send(user, None, &document.to_json(), inboxes)
}

/// Somebody is gone, who had to do with those who have these inboxes.
pub(super) fn deleted(making: &mut Making<'_, '_>, user: Id, known: &[String]) -> Result<(), Error> {
    let Some(actor) = local(making, user)? else { return Ok(()) };
    let id = making.names.new_activity();
    let document = ActivityDocument::new(&id, ActivityType::Delete, &actor, Value::from(actor.as_str()));
    let document = document.addressed((vec![PUBLIC], Vec::new())).to_json();
    let mut inboxes = audience::told_by(making.conn, user)?;
    inboxes.extend(known.iter().cloned());
    making.send(user, Some(actor), &document, inboxes)
}
