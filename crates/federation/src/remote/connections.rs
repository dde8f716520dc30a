//! Who follows somebody elsewhere and whom they follow, as their server lists it.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use activitypub::Address;
use activitypub::object::{Actor, Collection, Reference};
use social::users::{self, User};
use social::{Addresses, Id};
use store::{Conn, v};

use super::PAUSE;
use crate::Error;
use crate::actors::known_id;
use crate::fetch::Budget;
use crate::services::Services;

/// People of one list that are read, and pages they may be on.
const MAX_PEOPLE: usize = 500;
const MAX_PAGES: usize = 50;

/// People who are looked for in the database at once.
const AT_ONCE: usize = 100;

/// How long what was read is not read again, in microseconds.
const FRESH: i64 = 3_600_000_000;

/// For one person's description.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Requests that one list may cause: a description of each person, and the pages.
const REQUESTS: u32 = 600;

/// One entry.
struct Connection {
    url: String,
    handle: String,
    display_name: Option<String>,
    avatar_url: Option<String>,
}

/// Reads a list of somebody elsewhere, `followers` or `following`, if that has not been done lately, and puts it in place of the old one.
pub(crate) async fn connections(services: &Services, of: Id, kind: &'static str) -> Result<(), Error> {
    let now = clock::now_micros();
    let known = services.read(move |conn| {
        let fresh =
            "SELECT 1 FROM social_connections WHERE user_id = $1 AND kind = $2 AND fetched_at > $3 LIMIT 1";
        let is_fresh = conn.query_opt(fresh, &[v(of), v(kind), v(now - FRESH)], |row| row.int(0))?.is_some();
        Ok(if is_fresh { None } else { known_id(conn, of)? })
    });
    let Some(known) = known.await? else { return Ok(()) };
    let list = if kind == "followers" { known.followers } else { known.following };
    let (list, actor) = (list.and_then(|list| Address::parse(&list).ok()), Address::parse(&known.ap_id).ok());
    let (Some(list), Some(actor)) = (list, actor) else { return Ok(()) };
    let budget = Budget::of(REQUESTS);
    let people = walk(services, &budget, &actor, list).await?;
    let (addresses, wanted) = (services.names.addresses().clone(), people.clone());
    let known = services.read(move |conn| known_here(conn, &addresses, &wanted)).await?;
    let mut known: HashMap<String, Connection> =
        known.into_iter().map(|entry| (entry.url.clone(), entry)).collect();
    let mut entries = Vec::with_capacity(people.len());
    for person in people {
        let entry = match known.remove(person.as_str()) {
            Some(known) => known,
            None => describe(services, &budget, &person).await,
        };
        entries.push(entry);
    }
    let replace = move |conn: &mut Conn<'_>| replace(conn, now, of, kind, &entries);
    services.state.write(replace).await
}

async fn walk(
    services: &Services,
    budget: &Budget,
    actor: &Address,
    list: Address,
) -> Result<Vec<Address>, Error> {
    let (mut next, mut people) = (Some(list), Vec::new());
    // The list itself comes before its pages. Some have no end.
    for _ in 0..=MAX_PAGES {
        let Some(at) = next.take().filter(|at| at.same_host(actor) && people.len() < MAX_PEOPLE) else {
            break;
        };
        let fetched = services.actors.fetcher().document(budget, &at).await?;
        let list = Collection::read(fetched.document.node())?;
        people.extend(list.items.iter().filter_map(Reference::address));
        next = list.next.clone();
        match list.first {
            Some(Reference::Embedded(page)) => {
                let page = Collection::read(page)?;
                people.extend(page.items.iter().filter_map(Reference::address));
                next = page.next;
            }
            Some(Reference::Address(first)) if people.is_empty() => next = Some(first),
            _ => {}
        }
        tokio::time::sleep(PAUSE).await;
    }
    let mut seen = HashSet::new();
    people.retain(|person| seen.insert(person.clone()));
    people.truncate(MAX_PEOPLE);
    Ok(people)
}

/// Those of them who are known here, or at home here: their servers need not be asked.
fn known_here(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    people: &[Address],
) -> Result<Vec<Connection>, Error> {
    let mut known = Vec::new();
    for some in people.chunks(AT_ONCE) {
        let some: Vec<&str> = some.iter().map(Address::as_str).collect();
        let there = users::by_addresses(conn, addresses, &some)?;
        known.extend(there.into_iter().filter(User::is_there).map(|user| Connection {
            handle: format!("@{}@{}", user.username, user.host.as_deref().unwrap_or(addresses.domain())),
            avatar_url: user.avatar_url.as_deref().map(|url| addresses.picture(url)),
            url: user.ap_id.unwrap_or_else(|| addresses.actor(&user.uuid)),
            display_name: user.display_name,
        }));
    }
    Ok(known)
}

/// Somebody as they describe themselves, or else only where they are.
async fn describe(services: &Services, budget: &Budget, person: &Address) -> Connection {
    let fetched = tokio::time::timeout(TIMEOUT, services.actors.fetch(budget, person)).await;
    let actor = fetched.ok().and_then(Result::ok);
    let handle = actor.as_ref().and_then(|actor| actor.preferred_username.clone());
    Connection {
        url: person.as_str().to_owned(),
        handle: handle
            .map_or_else(|| person.as_str().to_owned(), |name| format!("@{name}@{}", person.authority())),
        display_name: actor.as_deref().and_then(name),
        avatar_url: actor.and_then(|actor| actor.icon.as_ref().map(|icon| icon.as_str().to_owned())),
    }
}

fn name(actor: &Actor) -> Option<String> {
    actor.name.as_deref().map(|name| name.chars().take(50).collect())
}

fn replace(conn: &mut Conn<'_>, now: i64, of: Id, kind: &str, entries: &[Connection]) -> Result<(), Error> {
    conn.execute("DELETE FROM social_connections WHERE user_id = $1 AND kind = $2", &[v(of), v(kind)])?;
    for (position, entry) in entries.iter().enumerate() {
        conn.execute(
            "INSERT INTO social_connections (user_id, kind, position, url, handle, display_name, avatar_url, fetched_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                v(of),
                v(kind),
                v(i64::try_from(position).unwrap_or(i64::MAX)),
                v(&entry.url),
                v(&entry.handle),
                v(entry.display_name.as_deref()),
                v(entry.avatar_url.as_deref()),
                v(now),
            ],
        )?;
    }
    Ok(())
}
