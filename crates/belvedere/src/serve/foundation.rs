//! What every app stands on, opened as configured.

use std::time::Duration;

use accounts::clients::RateLimit;
use accounts::{Accounts, AccountsConfig, AccountsParts, Vault};
use anyhow::{Context, Result};
use appview::{AppviewParts, PublicConfig};
use cache::{Cache, MemoryConfig};
use events::EventLog;
use identity::Resolver;
use outbound::Outbound;
use records::{Records, Wanted};
use server::{Check, Task};
use store::{Database, Store};
use url::Url;

use crate::config::Settings;
use crate::failure::Failure;
use crate::{databases, network};

/// The parts that apps share.
pub(super) struct Foundation {
    pub(super) store: Store,
    pub(super) accounts: Accounts,
    pub(super) events: EventLog,
    pub(super) records: Records,
    pub(super) wanted: Wanted,
    pub(super) resolver: Resolver,
    pub(super) outbound: Outbound,
    cache: Cache,
}

impl Foundation {
    /// Opens what is configured. `public_url` is the configured one or what reaches this server from this machine. The
    /// task writes the event log.
    pub(super) async fn open(settings: &Settings, public_url: Url) -> Result<(Self, Task)> {
        // Each takes a while, and none needs another.
        let (store, outbound, cache) = tokio::join!(
            databases::open(&settings.database),
            network::outbound_in_background(settings),
            open_cache(settings)
        );
        let (store, outbound, cache) = (store?, outbound?, cache?);
        let resolver = network::resolver(settings, outbound.clone());
        let days = u64::from(settings.event_retention_days);
        let retention = (days > 0).then(|| Duration::from_hours(24 * days));
        let (events, writer) = EventLog::open(&store.state, retention);
        let accounts = Accounts::open(AccountsParts {
            state: store.state.clone(),
            cache: cache.clone(),
            outbound: outbound.clone(),
            resolver: resolver.clone(),
            events: events.clone(),
            vault: open_vault(settings, &store.state).await?,
            config: AccountsConfig {
                public_url,
                base_path: settings.base_path.clone(),
                plc_url: settings.plc_url.clone(),
                default_rate_limit: rate_limit(settings),
                environment: settings.environment.clone(),
            },
        });
        let foundation = Self {
            accounts: accounts.await?,
            records: Records::new(&store, Vec::new()),
            wanted: Wanted::default(),
            store,
            events,
            resolver,
            outbound,
            cache,
        };
        Ok((foundation, Task::new("event log", move |stop| writer.run(stop))))
    }

    /// Ready means that these answer.
    pub(super) fn checks(&self, settings: &Settings) -> Vec<Check> {
        let mut checks = vec![answers("state", &self.store.state), answers("index", &self.store.index)];
        // Memory always answers.
        if settings.cache_url.is_some() {
            let cache = self.cache.clone();
            checks.push(Check::new("cache", move || {
                let cache = cache.clone();
                async move { Ok(cache.get("ready").await.map(drop)?) }
            }));
        }
        checks
    }

    pub(super) fn appview(&self, config: PublicConfig) -> AppviewParts {
        AppviewParts {
            store: self.store.clone(),
            accounts: self.accounts.clone(),
            events: self.events.clone(),
            records: self.records.clone(),
            wanted: self.wanted.clone(),
            resolver: self.resolver.clone(),
            outbound: self.outbound.clone(),
            config,
        }
    }
}

/// The rate limit of callers who have none of their own.
pub(super) fn rate_limit(settings: &Settings) -> RateLimit {
    RateLimit { capacity: settings.rate_limit_capacity, refill_rate: settings.rate_limit_refill }
}

/// A master secret that was lost is not replaced: what was sealed under it would be lost with it, without a word.
async fn open_vault(settings: &Settings, state: &Database) -> Result<Vault> {
    let config = settings.vault();
    if !config.is_secret_there() && Vault::is_needed_by(state).await? {
        return Err(Failure::new(
            format!("the master secret of this database is missing: there is no master.key in {}", settings.data_dir.display()),
            "put back the file master.key that was made with the database, or set MASTER_SECRET to what it was",
        )
        .into());
    }
    Ok(Vault::open(&config)?)
}

async fn open_cache(settings: &Settings) -> Result<Cache> {
    match &settings.cache_url {
        Some(url) => Cache::connect(url, network::CACHE_PREFIX).await.context("cache_url"),
        None => Ok(Cache::memory(MemoryConfig::default())),
    }
}

fn answers(name: &'static str, database: &Database) -> Check {
    let database = database.clone();
    Check::new(name, move || {
        let database = database.clone();
        async move {
            let one = database.read(|conn| conn.query_one("SELECT 1", &[], |row| row.int(0))).await;
            one.map(drop).map_err(|error: store::Error| error.into())
        }
    })
}
