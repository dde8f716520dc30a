//! Thoughts: written, changed, gone.

use std::collections::BTreeSet;

use activitypub::object::ActivityType;
use activitypub::write::{ActivityDocument, PUBLIC, tombstone};
use social::{Id, Visibility};

use super::documents::{LocalNote, local_note, time_of};
use super::follows::local;
use super::{Making, audience};
use crate::Error;

/// Somebody here wrote something.
pub(super) fn created(making: &mut Making<'_, '_>, thought: Id) -> Result<(), Error> {
    let Some(note) = local_note(making.conn, making.names, thought)? else { return Ok(()) };
    let inboxes = audience_of(making, &note)?;
    making.send(note.author, Some(note.address.clone()), &note.create().to_json(), inboxes)
}

/// It reads otherwise now.
pub(super) fn updated(making: &mut Making<'_, '_>, thought: Id) -> Result<(), Error> {
    let Some(note) = local_note(making.conn, making.names, thought)? else { return Ok(()) };
    let id = format!("{}#updates/{}", note.address, making.now / 1_000);
    let object = note.embedded();
    let document = ActivityDocument {
        published: time_of(making.now),
        ..ActivityDocument::new(&id, ActivityType::Update, &note.author_address, object)
    };
    let document = document.addressed(note.audience());
    let mut inboxes = audience_of(making, &note)?;
    inboxes.extend(audience::told_of(making.conn, &note.address)?);
    if note.visibility != Visibility::Private {
        inboxes.extend(audience::boosters(making.conn, thought)?);
    }
    making.send(note.author, Some(note.address.clone()), &document.to_json(), inboxes)
}

/// It is gone: everybody who was told of it is told and those whom it had to do with, and of what was for everybody, everybody who
/// might know.
pub(super) fn deleted(
    making: &mut Making<'_, '_>,
    uuid: &str,
    author: Id,
    visibility: &str,
    known: &[String],
) -> Result<(), Error> {
    let Some(actor) = local(making, author)? else { return Ok(()) };
    let address = making.names.thought(uuid);
    let id = format!("{address}#delete");
    let (visibility, followers) = (Visibility::named(visibility), format!("{actor}/followers"));
    let to = match visibility {
        Some(Visibility::Public | Visibility::Unlisted) => vec![PUBLIC],
        Some(Visibility::Followers) => vec![followers.as_str()],
        _ => Vec::new(),
    };
    let object = tombstone(&address, time_of(making.now));
    let document =
        ActivityDocument::new(&id, ActivityType::Delete, &actor, object).addressed((to, Vec::new()));
    let mut inboxes = audience::told_of(making.conn, &address)?;
    inboxes.extend(known.iter().cloned());
    if visibility.is_some_and(|visibility| visibility != Visibility::Private) {
        inboxes.extend(audience::followers(making.conn, author)?);
    }
    making.send(author, Some(address), &document.to_json(), inboxes)
}

fn audience_of(making: &mut Making<'_, '_>, note: &LocalNote) -> Result<BTreeSet<String>, Error> {
    let private = note.visibility == Visibility::Private;
    let mut inboxes = audience::mentioned(making.conn, note.id, private)?;
    if !private || faults::mutant!("federation-private-told-to-followers") {
        inboxes.extend(audience::followers(making.conn, note.author)?);
        if let Some(author) = note.parent_author {
            inboxes.extend(audience::person(making.conn, author)?);
        }
    }
    Ok(inboxes)
}
