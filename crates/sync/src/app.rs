//! Puts the relay together.

use std::sync::Arc;

use accounts::Vault;
use blobs::Bucket;
use cache::Cache;
use server::{App, Cors, Credential, Hosts, Mount, Task};
use store::Store;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::client::Clients;
use crate::github::Github;
use crate::live::{Matters, Outgoing, Relay};
use crate::presence::Presence;
use crate::push::PushService;
use crate::services::{Services, Shared};
use crate::socket::{self, Door};
use crate::tokens::{TokenAuthenticator, Tokens};
use crate::voice::Voice;
use crate::web::{self, WebApp};
use crate::{
    access_keys, account, artifacts, attachments, auth, avatars, github, keeping, machines, messages, push,
    sessions, sizes, social, voice,
};
use crate::{telemetry, throttle, tokens, updates, usage, values, vendors, wire};

/// What the relay is built on.
pub struct SyncParts {
    /// Opened with this crate's schema.
    pub store: Store,
    /// What instances share for a while.
    pub cache: Cache,
    /// What seals the tokens that people leave here.
    pub vault: Vault,
    /// Where attachments and avatars are put, if not into the database.
    pub bucket: Option<Bucket>,
    /// Where people may say who they are.
    pub github: Github,
    /// Where clients reach this server, with its base path, if that is configured: else each is answered with what it calls it.
    pub public_url: Option<Url>,
    /// What tells devices, if anything does.
    pub push: Option<PushService>,
    /// The vendors that voice needs.
    pub voice: Voice,
    /// What browsers are shown, if anything is.
    pub web: Option<WebApp>,
    /// How many bytes are kept for one account, attachments aside: they have a bound of their own.
    pub account_bytes: u64,
}

/// The relay.
pub struct Sync {
    services: Services,
    /// What other instances are told.
    outgoing: Option<Outgoing>,
    web: Option<WebApp>,
}

impl Sync {
    /// Nothing is read or started yet.
    #[must_use]
    pub fn new(parts: SyncParts) -> Self {
        telemetry::describe();
        let (relay, outgoing) = Relay::new(parts.store.state.clone(), parts.account_bytes);
        let services = Services::new(Shared {
            clients: Clients::new(),
            tokens: Tokens::new(parts.store.state),
            presence: Presence::new(relay.clone()),
            relay,
            cache: parts.cache,
            vault: parts.vault,
            bucket: parts.bucket,
            github: parts.github,
            public_url: parts.public_url,
            push: parts.push,
            voice: parts.voice,
        });
        Self { services, outgoing, web: parts.web }
    }

    /// What the shell mounts: `/v1`, `/v2/sessions`, `/v3`, `/files`, the root if there is a web app, and the tasks that keep presence
    /// and the log.
    #[must_use]
    pub fn app(self) -> App {
        let Self { services, outgoing, web } = self;
        let door = Door::open(&services);
        let mount = |prefix| Mount {
            hosts: Hosts::Any,
            credentials: &[Credential::AppToken],
            authenticator: Some(Arc::new(TokenAuthenticator {
                tokens: services.tokens.clone(),
                clients: services.clients.clone(),
            })),
            clients: Some(Arc::new(services.clients.clone())),
            throttle: Some(Arc::new(throttle::Bounds { cache: services.cache.clone() })),
            cors: Some(Cors::everybody("GET, POST, PUT, DELETE", "X-Request-Id")),
            ..Mount::new(prefix, wire::errors)
        };
        let first = [
            auth::routes(),
            tokens::routes(),
            account::routes(),
            sessions::routes(),
            messages::routes(),
            machines::routes(),
            artifacts::routes(),
            access_keys::routes(),
            values::routes(),
            usage::routes(),
            push::routes(),
            vendors::routes(),
            social::routes(),
            attachments::routes(),
            github::routes(),
            voice::routes(),
        ];
        let first = mount("/v1").routes(&services, first.into_iter().flatten());
        let sockets = Mount { cors: Some(Cors::sockets("GET,POST,OPTIONS")), ..mount("/v1/updates") };
        let sockets = sockets.routes(&door, socket::routes()).routes(&services, updates::routes());
        let second = mount("/v2/sessions").routes(&services, sessions::paged_routes());
        let third = mount("/v3").routes(&services, messages::numbered_routes());
        let files = mount("/files").routes(&services, avatars::routes());
        let bus = outgoing.map(|outgoing| {
            let matters = Matters {
                cache: services.cache.clone(),
                tokens: services.tokens.clone(),
                presence: services.presence.clone(),
            };
            let relay = services.relay.clone();
            Task::new("sync-bus", move |stop| relay.run_bus(matters, outgoing, stop))
        });
        let (relay, bucket) = (services.relay.clone(), services.bucket.clone());
        let (presence, state, strays) =
            (services.presence.clone(), relay.state().clone(), services.relay.clone());
        let tasks = [
            Task::new("presence", move |stop| presence.run(stop)),
            Task::new("sync-log", move |stop| keeping::run(relay, bucket, stop)),
            Task::new("sync-strays", move |stop| keeping::close_strays(strays, stop)),
            Task::new("sync-sizes", move |stop| sizes::run(state, stop)),
            Task::new("close-sockets", async move |stop: CancellationToken| {
                stop.cancelled().await;
                door.close().await;
            }),
        ];
        App {
            mounts: [first, sockets, second, third, files].into_iter().chain(web.map(web::mount)).collect(),
            tasks: tasks.into_iter().chain(bus).collect(),
            ..App::new("sync")
        }
    }
}
