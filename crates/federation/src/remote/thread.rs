//! Notes by their address, and the threads they are in.

use activitypub::Address;
use activitypub::object::{Collection, Note, Reference};
use social::{Id, thoughts};
use store::{Conn, v};

use crate::Error;
use crate::fetch::{Budget, FetchError};
use crate::inbox::{Incoming, keep_fetched};
use crate::services::Services;

/// How far up a thread is followed.
const MAX_DEPTH: usize = 10;

/// Replies of one note that are fetched.
const MAX_REPLIES: usize = 15;

/// The thought at an address: from here, or as its own server shows it, with its author as theirs does.
pub(crate) async fn note(services: &Services, budget: &Budget, address: &Address) -> Result<Id, Error> {
    if let Some(id) = here(services, address).await? {
        return Ok(id);
    }
    let gone = || Error::Social(social::Error::NotFound("thought"));
    if services.names.is_ours(address) {
        return Err(gone());
    }
    let note = read(services, budget, address).await?;
    if let Some(id) = here(services, &note.id).await? {
        return Ok(id);
    }
    let author = services.actors.fetch(budget, &note.attributed_to).await?;
    keep_fetched(services, Incoming { author, note }).await?.ok_or_else(gone)
}

/// A note as its own server shows it, by somebody of that server, which is not shut out.
pub(crate) async fn read(services: &Services, budget: &Budget, address: &Address) -> Result<Note, Error> {
    let fetched = services.actors.fetcher().object(budget, address).await?;
    let note = Note::read(fetched.document.node())?;
    if !note.attributed_to.same_host(&note.id) {
        return Err(FetchError::Malformed("its author is on another server".into()).into());
    }
    let (host, gate) = (note.id.authority().to_owned(), services.gate);
    if services.read(move |conn| Ok(gate.shuts_out(conn, &host)?)).await? {
        return Err(FetchError::Gone.into());
    }
    Ok(note)
}

async fn here(services: &Services, address: &Address) -> Result<Option<Id>, Error> {
    let (names, wanted) = (services.names.clone(), address.as_str().to_owned());
    let find = move |conn: &mut Conn<'_>| {
        Ok(thoughts::by_address(conn, names.addresses(), &wanted)?.map(|row| row.id))
    };
    services.read(find).await
}

/// Fetches what a note answers, and what that answers, as far as it is not here.
pub(crate) async fn ancestors(services: &Services, of: &Address) -> Result<(), Error> {
    let budget = Budget::new();
    let mut at = here(services, of).await?;
    for _ in 0..MAX_DEPTH {
        let Some(id) = at else { return Ok(()) };
        let missing = services.read(move |conn| {
            let find = "SELECT in_reply_to_url FROM social_thoughts WHERE id = $1 AND in_reply_to_id IS NULL";
            Ok(conn
                .query_opt(find, &[v(id)], |row| row.opt_text(0).map(|url| url.map(str::to_owned)))?
                .flatten())
        });
        let Some(parent) = missing.await?.and_then(|parent| Address::parse(&parent).ok()) else {
            return Ok(());
        };
        at = Some(note(services, &budget, &parent).await?);
    }
    Ok(())
}

/// Fetches replies that a note's own server knows of and that are not here.
pub(crate) async fn replies(services: &Services, of: &Address) -> Result<(), Error> {
    let budget = Budget::new();
    let fetched = services.actors.fetcher().object(&budget, of).await?;
    let Some(list) = Note::read(fetched.document.node())?.replies.filter(|list| list.same_host(of)) else {
        return Ok(());
    };
    let found = services.actors.fetcher().document(&budget, &list).await?;
    let mut addresses = addresses(&Collection::read(found.document.node())?);
    if let Some(first) = Collection::read(found.document.node())?.first {
        match first {
            Reference::Embedded(page) => addresses.extend(self::addresses(&Collection::read(page)?)),
            Reference::Address(page) if page.same_host(of) => {
                let page = services.actors.fetcher().document(&budget, &page).await?;
                addresses.extend(self::addresses(&Collection::read(page.document.node())?));
            }
            Reference::Address(_) => {}
        }
    }
    for address in addresses.iter().take(MAX_REPLIES) {
        // One that cannot be had keeps no other away.
        if let Err(Error::Fetch(FetchError::Budget)) = note(services, &budget, address).await {
            return Ok(());
        }
    }
    Ok(())
}

fn addresses(list: &Collection<'_>) -> Vec<Address> {
    list.items.iter().filter_map(Reference::address).collect()
}
