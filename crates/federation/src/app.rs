//! Puts the federation together.

use std::sync::Arc;

use outbound::Outbound;
use server::{App, Task};
use social::Social;

use crate::actors::Actors;
use crate::bounds::Bounds;
use crate::config::FederationConfig;
use crate::delivery::{self, Bell, Sender};
use crate::domains::Gate;
use crate::elsewhere::Others;
use crate::fetch::Fetcher;
use crate::hosts::Hosts;
use crate::keys::Keys;
use crate::names::Names;
use crate::outgoing::{self, Relay, Terms};
use crate::routes::{self, Documents};
use crate::services::{Services, Shared};
use crate::{Error, keys, meters};

/// What the federation is built on.
pub struct FederationParts {
    /// The microblog.
    pub social: Social,
    /// The way out, with limits of its own: what it is refused decides what is asked of others.
    pub outbound: Outbound,
    /// What the operator decided.
    pub config: FederationConfig,
}

/// The microblog among others.
pub struct Federation {
    services: Services,
    sender: Sender,
}

impl Federation {
    /// Nothing is asked or sent yet; from now on the microblog asks here for whoever is elsewhere.
    pub fn new(parts: FederationParts) -> Result<Self, Error> {
        let FederationParts { social, outbound, config } = parts;
        let names =
            Names::new(social.addresses()).map_err(|_| Error::Broken("this server's own address is none"))?;
        let state = social.state().clone();
        let keys = Keys::new(social.clone());
        let gate = Gate { only_allowed: config.only_allowed };
        let hosts = Hosts::new(state.clone(), gate, config.first_knock);
        let scheme = if names.address().url().scheme() == "http" { "http" } else { "https" };
        let fetcher =
            Fetcher::new(outbound.clone(), keys.clone(), hosts.clone(), scheme, config.fetch_max_bytes);
        let bounds = Arc::new(Bounds::new(social.cache().clone(), config.inbox_per_minute));
        let actors =
            Actors::new((state.clone(), fetcher, names.clone()), Arc::clone(&bounds), config.time_scale);
        let parts = (state.clone(), outbound, keys.clone(), hosts, actors.clone());
        let pace = (config.per_host_rate, config.delivery_workers);
        let sender = Sender::new(parts, pace, config.time_scale);
        let services = Services::new(Shared {
            live: social.live().clone(),
            open_registrations: social.config().registration,
            title: social.config().name.clone().unwrap_or_else(|| names.domain().to_owned()),
            description: social.config().description.clone(),
            gate,
            documents: Documents::new(),
            deliveries: Bell::default(),
            events: Bell::default(),
            state,
            names,
            config,
            actors,
            bounds,
            keys,
        });
        social.set_elsewhere(Arc::new(Others::new(services.clone())));
        Ok(Self { services, sender })
    }

    /// What the shell mounts, and the tasks that tell others.
    #[must_use]
    pub fn app(self) -> App {
        let Self { services, sender } = self;
        let terms = Terms {
            gate: services.gate,
            tell_of_blocks: services.config.tell_of_blocks,
            backfill: services.config.backfill,
        };
        let relay = Relay {
            actors: services.actors.clone(),
            names: services.names.clone(),
            documents: services.documents.clone(),
            terms,
            events: services.events.clone(),
            deliveries: services.deliveries.clone(),
        };
        let (state, bell, workers) =
            (services.state.clone(), services.deliveries.clone(), services.config.delivery_workers);
        let (names, scale) = (services.names.clone(), services.config.time_scale);
        let (asked, rung) = (services.state.clone(), services.deliveries.clone());
        let measured = services.state.clone();
        let (kept, instance) = (services.state.clone(), services.keys.clone());
        App {
            mounts: routes::mounts(&services),
            extensions: routes::extensions(&services),
            tasks: vec![
                Task::new("federation-events", move |stop| outgoing::run(relay, stop)),
                Task::new("federation-delivery", move |stop| {
                    delivery::run(state, sender, bell, workers, stop)
                }),
                Task::new("federation-follows", move |stop| {
                    outgoing::ask_again(asked, names, terms, rung, scale, stop)
                }),
                Task::new("federation-meters", move |stop| meters::run(measured, stop)),
                Task::new("federation-keeping", move |stop| delivery::keep(kept, stop)),
                Task::new("federation-key", move |_| prepare(instance)),
            ],
            ..App::new("federation")
        }
    }
}

/// The first who asks need not wait for a key to be made.
async fn prepare(keys: keys::Keys) {
    if let Err(error) = keys.instance().await {
        tracing::warn!(%error, "the key of the instance actor cannot be had yet");
    }
}
