//! Answers what the microblog asks of other servers.

use std::time::Duration;

use activitypub::Address;
use activitypub::webfinger::Handle;
use futures::future::BoxFuture;
use moka::sync::Cache;
use social::{Elsewhere, Id};
use tracing::debug;

use crate::Error;
use crate::actors::known_id;
use crate::fetch::Budget;
use crate::remote;
use crate::services::Services;

/// How long somebody who was looked at is not brought up to date again, and how many are remembered.
const LOOKED_AT_FOR: Duration = Duration::from_mins(10);
const LOOKED_AT: u64 = 10_000;

/// The federation, as the microblog sees it.
pub(crate) struct Others {
    services: Services,
    looked_at: Cache<Id, ()>,
}

impl Others {
    pub(crate) fn new(services: Services) -> Self {
        let looked_at = Cache::builder().max_capacity(LOOKED_AT).time_to_live(LOOKED_AT_FOR).build();
        Self { services, looked_at }
    }

    async fn find_person(&self, name: &str) -> Result<Id, Error> {
        let budget = Budget::new();
        if let Ok(address) = Address::parse(name) {
            return match self.services.actors.at(&budget, &address).await {
                // Perhaps it is a profile, whose server knows the actor.
                Err(Error::Fetch(error)) if !error.is_transient() => Err(error.into()),
                found => found,
            };
        }
        let handle = Handle::parse(name).map_err(|error| social::Error::BadRequest(error.to_string()))?;
        self.services.actors.called(&budget, &handle).await
    }

    async fn ask_anew(&self, address: &str) -> Result<Id, Error> {
        let address =
            Address::parse(address).map_err(|error| social::Error::BadRequest(error.to_string()))?;
        self.services.actors.fetcher().try_again(&address);
        self.services.actors.refresh(&Budget::new(), &address).await
    }

    async fn find_thought(&self, address: &str) -> Result<Id, Error> {
        let address =
            Address::parse(address).map_err(|error| social::Error::BadRequest(error.to_string()))?;
        let id = remote::note(&self.services, &Budget::new(), &address).await?;
        remote::ancestors_behind(&self.services, address.clone());
        if !self.services.names.is_ours(&address) {
            let services = self.services.clone();
            tokio::spawn(async move {
                if let Err(error) = remote::replies(&services, &address).await {
                    debug!(%error, %address, "replies are not to be had");
                }
            });
        }
        Ok(id)
    }
}

impl Elsewhere for Others {
    fn person<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Id, social::Error>> {
        Box::pin(async move { Ok(self.find_person(name).await?) })
    }

    fn thought<'a>(&'a self, address: &'a str) -> BoxFuture<'a, Result<Id, social::Error>> {
        Box::pin(async move { Ok(self.find_thought(address).await?) })
    }

    fn anew<'a>(&'a self, address: &'a str) -> BoxFuture<'a, Result<Id, social::Error>> {
        Box::pin(async move { Ok(self.ask_anew(address).await?) })
    }

    fn happened(&self) {
        self.services.events.ring();
    }

    fn send_now(&self) {
        self.services.deliveries.ring();
    }

    fn looked_at(&self, user: Id) {
        if self.looked_at.contains_key(&user) {
            return;
        }
        self.looked_at.insert(user, ());
        let services = self.services.clone();
        tokio::spawn(async move {
            if let Err(error) = bring_up_to_date(&services, user).await {
                debug!(%error, "somebody who was looked at is not brought up to date");
            }
        });
    }
}

async fn bring_up_to_date(services: &Services, user: Id) -> Result<(), Error> {
    let Some(known) = services.read(move |conn| Ok(known_id(conn, user)?)).await? else { return Ok(()) };
    let Ok(actor) = Address::parse(&known.ap_id) else { return Ok(()) };
    services.actors.at(&Budget::new(), &actor).await?;
    if let Err(error) = remote::posts(services, &actor).await {
        debug!(%error, %actor, "what somebody wrote is not to be had");
    }
    for kind in ["followers", "following"] {
        if let Err(error) = remote::connections(services, user, kind).await {
            debug!(%error, %actor, kind, "a list of whom somebody knows is not to be had");
        }
    }
    Ok(())
}
