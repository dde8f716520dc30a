//! The registry, put together for one server.

use std::sync::Arc;

use accounts::limits::ByAddress;
use accounts::pds::SignIn;
use accounts::{BrowserSessions, PdsSessions, Vault};
use cache::Cache;
use events::EventLog;
use hold::Hold;
use identity::Resolver;
use outbound::Outbound;
use readthrough::ReadThrough;
use records::{Interest, Records, Wanted};
use repos::{LocalAccounts, Repos};
use server::{Access, App, Credential, Hosts, LeftToHandlers, Mount, Route, Task};
use store::{Engine, Store};
use tokio::sync::mpsc::{self, Receiver};

use crate::auth::{Auth, AuthConfig, AuthParts, Error};
use crate::authors::Authors;
use crate::browse::{self, Browse};
use crate::collecting::{Collection, Collector, Schedule};
use crate::contents::Contents;
use crate::history::History;
use crate::holds::Holds;
use crate::index::Index;
use crate::links::Links;
use crate::local::Local;
use crate::operator::{self, Operator};
use crate::policy::ByHold;
use crate::profile::Profiles;
use crate::pulls::{Pulls, Told};
use crate::registry::{Inner, Registry};
use crate::turns::Turns;
use crate::uploads::{Seal, Staged};
use crate::{Bounds, Owners, collecting, door, lexicon, refusal, telemetry};

/// Requests for tokens and codes of one address at once, and per second: each may make this server ask others. A build farm behind one
/// address asks for a token for every image.
const CALLS: (u32, f64) = (600, 20.0);

/// What the registry is built on.
pub struct RegistryParts {
    /// Opened with this crate's schemas.
    pub store: Store,
    /// What instances share for a while.
    pub cache: Cache,
    /// Seals keys and sessions.
    pub vault: Vault,
    /// The way to other servers.
    pub outbound: Outbound,
    /// Who is behind a name.
    pub resolver: Resolver,
    /// The record index, with this crate's [projection](crate::projection).
    pub records: Records,
    /// What the stream is asked for.
    pub wanted: Wanted,
    /// The way to what is not here.
    pub readthrough: ReadThrough,
    /// Has what is pending fetched now: what `readthrough` has read the newest of.
    pub hurry: Arc<dyn Fn() + Send + Sync>,
    /// Sessions with PDSes that somebody began in a browser.
    pub sessions: PdsSessions,
    /// Where people with an account elsewhere sign in.
    pub sign_in: Option<SignIn>,
    /// Repositories that are at home here.
    pub repos: Repos,
    /// Who signs in here.
    pub local: LocalAccounts,
    /// Where layers lie.
    pub hold: Hold,
    /// Tokens and where they are to be had.
    pub auth: AuthConfig,
    /// How much is taken.
    pub bounds: Bounds,
    /// How garbage is looked for.
    pub collecting: Schedule,
    /// Who is signed in: people who are at home here, too.
    pub browsers: BrowserSessions,
    /// What operators do is recorded there.
    pub events: EventLog,
    /// The name of this process among those that share the databases.
    pub instance: String,
}

/// The registry.
pub struct RegistryApp {
    registry: Registry,
    throttle: Arc<ByAddress>,
    told: Told,
    operator: Operator,
    asked: Receiver<Collection>,
}

impl RegistryApp {
    /// Reads the keys of tokens, or makes them. From now on the stream is asked for what the registry reads.
    pub async fn open(parts: RegistryParts) -> Result<Self, Error> {
        telemetry::describe();
        let RegistryParts { store, cache, vault, outbound, resolver, hold, repos, .. } = parts;
        let (index, directory) = (Index::new(store.index.clone()), repos.directory());
        let profiles = Profiles::new(parts.records.clone(), parts.readthrough.clone(), directory.clone());
        let policy =
            ByHold { hold: hold.clone(), directory, index: index.clone(), profiles: profiles.clone() };
        let auth = Auth::open(AuthParts {
            state: store.state.clone(),
            cache: cache.clone(),
            outbound: outbound.clone(),
            resolver: resolver.clone(),
            vault,
            policy: Arc::new(policy),
            local: Some(Arc::new(Local { accounts: parts.local, directory: repos.directory() })),
            sign_in: parts.sign_in,
            config: parts.auth,
        });
        let auth = auth.await?;
        index.project(&parts.records).await.map_err(|error| Error::Asked(error.into()))?;
        let authors = Authors {
            directory: repos.directory(),
            repos,
            sessions: parts.sessions,
            passwords: auth.passwords().clone(),
            resolver: resolver.clone(),
            outbound: outbound.clone(),
        };
        let holds = Holds::new(authors.clone(), cache.clone(), hold.did().clone());
        let (pulls, told) = Pulls::new(hold.clone());
        let registry = Registry::new(Inner {
            cache: cache.clone(),
            staged: Staged::default(),
            holds,
            profiles,
            seal: Seal::new(auth.derived("uploads")),
            auth,
            owners: Owners::new(resolver),
            contents: Contents::new(index.clone(), authors.clone()),
            authors,
            history: History { records: parts.records.clone(), hurry: parts.hurry },
            records: parts.records,
            readthrough: parts.readthrough,
            index,
            links: Links::new(store.state.clone()),
            pulls,
            hold,
            turns: Turns::new((store.state.engine() == Engine::Postgres).then(|| cache.clone())),
            browse: Browse::new(outbound, parts.browsers, store.state.clone()),
            bounds: parts.bounds,
        });
        let index = lexicon::collections().into_iter().collect();
        parts.wanted.set("registry", Interest { index, ..Interest::default() });
        let throttle = Arc::new(ByAddress::new(cache, "registry", CALLS));
        let collector = Collector::new(registry.hold.clone(), store.state, parts.collecting, &parts.instance);
        // One at a time is begun here.
        let (ask, asked) = mpsc::channel(1);
        let (events, of_operator) = (parts.events, registry.clone());
        let operator =
            Operator::new(operator::Parts { registry: of_operator, events, collector, asked: ask });
        Ok(Self { registry, throttle, told, operator, asked })
    }

    /// A key for keyed hashes that nobody else can make, on all instances the same: for others who sign for this server.
    #[must_use]
    pub fn derived_key(&self, purpose: &str) -> aws_lc_rs::hmac::Key {
        self.registry.auth.derived(purpose)
    }

    /// What the shell mounts: `/v2`, `/auth/token`, `/auth/device`, `/device`, `/api/devices`, `/api/registry`, pages, and the tasks that keep order.
    #[must_use]
    pub fn app(self) -> App {
        let Self { registry, throttle, told, operator, asked } = self;
        let index = registry.index.clone();
        let protocol = Mount {
            hosts: Hosts::Any,
            compression: false,
            credentials: &[Credential::AppToken],
            // A refusal has to say what a token must be good for, or clients do not know which one to fetch.
            authenticator: Some(Arc::new(LeftToHandlers)),
            ..Mount::new("/v2", refusal::style)
        };
        let protocol = protocol.routes(&registry, routes());
        let (auth, hold) = (registry.auth.clone(), registry.hold.clone());
        let (collector, expiring) = (operator.collector.clone(), operator.collector.clone());
        let limited = auth.mounts().into_iter().chain(browse::mounts(&registry));
        let limited = limited.map(|mount| Mount { throttle: Some(throttle.clone()), ..mount });
        let (counted, holds) = (hold, registry.holds.clone());
        let (named, resolver) = (index.clone(), registry.authors.resolver.clone());
        App {
            mounts: [protocol].into_iter().chain(limited).collect(),
            tasks: vec![
                auth.task(),
                Task::new("registry-bytes", move |stop| index.bound_bytes(stop)),
                Task::new("registry-owners", move |stop| browse::name_owners(named, resolver, stop)),
                Task::new("registry-stats", move |stop| counted.write_stats(stop)),
                Task::new("registry-pulls", move |stop| told.run(holds, stop)),
                Task::new("registry-uploads", move |stop| collecting::expire(expiring, stop)),
                Task::new("registry-garbage", move |stop| collecting::run(collector, asked, stop)),
            ],
            extensions: vec![operator::extension(&operator)],
            ..App::new("registry")
        }
    }
}

/// One handler for all: what a path asks for is read from its end, because names have slashes.
fn routes() -> Vec<Route<Registry>> {
    let (access, all) = (Access::Delegated, "/v2/{*path}");
    let whether = "Say whether there is a registry, and where tokens are to be had";
    let routes = [
        Route::get("/v2", access, whether, door::serve),
        Route::get("/v2/", access, whether, door::serve),
        Route::get(all, access, "Read blobs, manifests, tags, referrers, repositories", door::serve),
        Route::post(all, access, "Begin to send a blob, or mount one", door::serve),
        Route::patch(all, access, "Send a piece of a blob", door::serve),
        Route::put(all, access, "Finish a blob, store a manifest", door::serve),
        Route::delete(all, access, "Delete a blob, a manifest, a tag or an upload", door::serve),
    ];
    routes.into_iter().map(|route| route.body_limit(usize::MAX).time_limit(door::LONGEST)).collect()
}
