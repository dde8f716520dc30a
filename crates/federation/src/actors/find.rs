//! From a handle or an address to a row (spec/social.md §4.2).

use std::sync::Arc;

use activitypub::Address;
use activitypub::object::Actor;
use activitypub::webfinger::Handle;
use social::Id;
use store::v;
use tracing::debug;

use super::{Actors, FRESH, intern, known};
use crate::Error;
use crate::fetch::{Budget, FetchError};

impl Actors {
    /// Whoever has this address: from here, brought up to date behind it if that is old, or from their server.
    pub(crate) async fn at(&self, budget: &Budget, address: &Address) -> Result<Id, Error> {
        let wanted = address.as_str().to_owned();
        if let Some(known) = self.state().read_brief(move |conn| known::known(conn, &wanted)).await? {
            if known.fetched_at + FRESH < clock::now_micros() {
                self.refresh_behind(address.clone());
            }
            return Ok(known.id);
        }
        let actor = self.fetch(budget, address).await?;
        self.keep(&actor, None).await
    }

    /// Asks somebody's server who they are, and keeps it.
    pub(crate) async fn refresh(&self, budget: &Budget, address: &Address) -> Result<Id, Error> {
        let actor = self.fetch(budget, address).await?;
        self.keep(&actor, None).await
    }

    fn refresh_behind(&self, address: Address) {
        let actors = self.clone();
        tokio::spawn(async move {
            if let Err(error) = actors.refresh(&Budget::new(), &address).await {
                debug!(%error, %address, "somebody is not brought up to date");
            }
        });
    }

    /// What somebody's server says of them.
    pub(crate) async fn fetch(&self, budget: &Budget, address: &Address) -> Result<Arc<Actor>, Error> {
        if self.0.names.is_ours(address) {
            return Err(Error::Social(social::Error::NotFound("This person")));
        }
        let fetched = self.0.fetcher.object(budget, address).await?;
        Ok(Arc::new(Actor::read(fetched.document.node())?))
    }

    /// Keeps what somebody says of themselves; a handle that both sides agree about, if it was looked up.
    pub(crate) async fn keep(&self, actor: &Arc<Actor>, handle: Option<Handle>) -> Result<Id, Error> {
        let (actor, now) = (Arc::clone(actor), clock::now_micros());
        self.state().write(move |conn| intern(conn, now, &actor, handle.as_ref())).await
    }

    /// Whoever is called so, here or elsewhere.
    pub(crate) async fn called(&self, budget: &Budget, handle: &Handle) -> Result<Id, Error> {
        let key = if handle.host() == self.0.names.domain() {
            handle.user().to_owned()
        } else {
            format!("{}@{}", handle.user(), handle.host())
        };
        let find = move |conn: &mut store::Conn<'_>| {
            let find = "SELECT u.id, u.ap_id, r.fetched_at FROM social_users u LEFT JOIN social_remote_actors r ON r.user_id = u.id
                WHERE u.handle_key = $1 AND u.deleted_at IS NULL AND u.uuid <> '00000000-0000-4000-8000-000000000000'";
            conn.query_opt(find, &[v(&key)], |row| {
                let ap_id = row.opt_text(1)?.map(str::to_owned);
                Ok::<_, store::Error>((Id(row.int(0)?), ap_id, row.opt_int(2)?))
            })
        };
        if let Some((id, ap_id, fetched_at)) = self.state().read_brief(find).await? {
            let stale = fetched_at.is_some_and(|at| at + FRESH < clock::now_micros());
            if let Some(address) = ap_id.filter(|_| stale).and_then(|ap_id| Address::parse(&ap_id).ok()) {
                self.refresh_behind(address);
            }
            return Ok(id);
        }
        if handle.host() == self.0.names.domain() {
            return Err(Error::Social(social::Error::NotFound("This person")));
        }
        Box::pin(self.look_up(budget, handle)).await
    }

    /// Asks the handle's server who that is, and the actor's server whether it is called so.
    async fn look_up(&self, budget: &Budget, handle: &Handle) -> Result<Id, Error> {
        let address = actor_of(&self.0.fetcher.webfinger(budget, handle).await?)?;
        let actor = self.fetch(budget, &address).await?;
        let Some(own) =
            actor.preferred_username.as_deref().and_then(|name| Handle::new(name, actor.id.authority()))
        else {
            return self.keep(&actor, None).await;
        };
        if own == *handle {
            return self.keep(&actor, Some(own)).await;
        }
        // The handle's server says that it is this actor; now the actor's server has to say that it goes by that handle.
        let back = self.0.fetcher.webfinger(budget, &own).await?;
        let agreed = back.handle().is_some_and(|named| named == *handle) && actor_of(&back)? == actor.id;
        self.keep(&actor, Some(if agreed { handle.clone() } else { own })).await
    }
}

fn actor_of(jrd: &activitypub::webfinger::Jrd) -> Result<Address, FetchError> {
    jrd.actor().map_err(|error| FetchError::Malformed(error.to_string()))
}
