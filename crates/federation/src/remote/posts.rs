//! What somebody elsewhere wrote, as their outbox lists it.

use std::sync::Arc;

use activitypub::Address;
use activitypub::object::{Activity, ActivityType, Actor, Collection, Node, Note, NoteType, Reference};
use store::v;
use tracing::debug;

use super::PAUSE;
use crate::Error;
use crate::actors::known;
use crate::fetch::{Budget, FetchError};
use crate::inbox::{Incoming, keep_fetched};
use crate::services::Services;

/// Pages and notes of one outbox that are read.
const MAX_PAGES: usize = 5;
const MAX_NOTES: usize = 100;

/// How long what was read is not read again, in microseconds.
const FRESH: i64 = 3_600_000_000;

/// Reads somebody's outbox, if that has not been done lately.
pub(crate) async fn posts(services: &Services, actor: &Address) -> Result<(), Error> {
    let (wanted, now) = (actor.as_str().to_owned(), clock::now_micros());
    let Some(known) = services.read(move |conn| Ok(known(conn, &wanted)?)).await? else { return Ok(()) };
    if known.suspended || known.posts_fetched_at.is_some_and(|at| at + FRESH > now) {
        return Ok(());
    }
    let id = known.id;
    let noted = services.state.write(move |conn| {
        let note = "UPDATE social_remote_actors SET posts_fetched_at = $2 WHERE user_id = $1 AND coalesce(posts_fetched_at, 0) < $3";
        Ok::<_, Error>(conn.execute(note, &[v(id), v(now), v(now - FRESH)])? > 0)
    });
    let Some(outbox) = known.outbox.as_deref().and_then(|outbox| Address::parse(outbox).ok()) else {
        return Ok(());
    };
    if !noted.await? || !outbox.same_host(actor) {
        return Ok(());
    }
    let budget = Budget::new();
    let author = services.actors.fetch(&budget, actor).await?;
    walk(services, &budget, &author, outbox).await
}

async fn walk(
    services: &Services,
    budget: &Budget,
    author: &Arc<Actor>,
    outbox: Address,
) -> Result<(), Error> {
    let (mut next, mut left) = (Some(outbox), MAX_NOTES);
    // The list itself comes before its pages.
    for _ in 0..=MAX_PAGES {
        let Some(at) = next.take().filter(|at| at.same_host(&author.id)) else { break };
        let fetched = services.actors.fetcher().document(budget, &at).await?;
        let mut notes = Vec::new();
        let list = Collection::read(fetched.document.node())?;
        collect(&list, author, &mut notes);
        next = list.next.clone();
        match list.first {
            Some(Reference::Embedded(page)) => {
                let page = Collection::read(page)?;
                collect(&page, author, &mut notes);
                next = page.next;
            }
            Some(Reference::Address(first)) if notes.is_empty() => next = Some(first),
            _ => {}
        }
        notes.truncate(left);
        left -= notes.len();
        for found in notes {
            match keep(services, budget, author, found).await {
                Ok(()) => {}
                // One that cannot be had keeps no other away.
                Err(Error::Fetch(error)) if error != FetchError::Budget => {
                    debug!(%error, author = %author.id, "a note of an outbox is not to be had");
                }
                Err(Error::Object(error)) => {
                    debug!(%error, author = %author.id, "what an outbox lists is no note");
                }
                Err(error) => return Err(error),
            }
        }
        if left == 0 {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// A note, or where one is.
enum Found {
    Note(Box<Note>),
    At(Address),
}

/// What of a page is the author's own, and of nobody else.
fn collect(list: &Collection<'_>, author: &Actor, notes: &mut Vec<Found>) {
    for item in &list.items {
        let Some(node) = item.node() else { continue };
        let Ok(activity) = Activity::read(node) else { continue };
        if activity.activity_type != Some(ActivityType::Create) || activity.actor != author.id {
            continue;
        }
        match activity.object.as_ref().and_then(Reference::node).filter(|node| NoteType::of(*node).is_some())
        {
            Some(node) => notes.extend(own(node, author).map(|note| Found::Note(Box::new(note)))),
            None => notes.extend(activity.object.as_ref().and_then(Reference::address).map(Found::At)),
        }
    }
}

fn own(node: Node<'_>, author: &Actor) -> Option<Note> {
    Note::read(node).ok().filter(|note| note.attributed_to == author.id && note.id.same_host(&author.id))
}

async fn keep(services: &Services, budget: &Budget, author: &Arc<Actor>, found: Found) -> Result<(), Error> {
    let note = match found {
        Found::Note(note) => *note,
        Found::At(address) if address.same_host(&author.id) => {
            let fetched = services.actors.fetcher().object(budget, &address).await?;
            match own(fetched.document.node(), author) {
                Some(note) => note,
                None => return Ok(()),
            }
        }
        Found::At(_) => return Ok(()),
    };
    let author = Arc::clone(author);
    keep_fetched(services, Incoming { author, note }).await.map(drop)
}
