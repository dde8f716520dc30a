//! What every app stands on, opened as configured.

use std::sync::Arc;
use std::time::Duration;

use accounts::clients::RateLimit;
use accounts::{Accounts, AccountsConfig, AccountsParts, Vault};
use anyhow::{Context, Result};
use appview::{AppviewParts, History, PublicConfig};
use backfill::{Backfills, Tuning};
use blobs::Bucket;
use cache::{Cache, MemoryConfig};
use events::EventLog;
use identity::Resolver;
use jobs::WorkerConfig;
use labels::LabelsConfig;
use outbound::Outbound;
use readthrough::{Budget, ReadThrough, ReadThroughConfig, ReadThroughParts};
use records::{Records, Wanted};
use remote::{Remote, RemoteConfig};
use repos::{Repos, ReposParts};
use server::{Check, Task};
use store::{Database, Store};
use sync::{PushService, SyncParts};
use url::Url;

use super::{github, relay};
use crate::config::Settings;
use crate::vault::SealedByVault;
use crate::{backfills, databases, network, vault};

/// The parts that apps share.
pub(super) struct Foundation {
    pub(super) store: Store,
    pub(super) accounts: Accounts,
    pub(super) events: EventLog,
    pub(super) records: Records,
    pub(super) wanted: Wanted,
    pub(super) resolver: Resolver,
    pub(super) outbound: Outbound,
    pub(super) backfills: Backfills,
    pub(super) readthrough: ReadThrough,
    /// The name of this instance among those that share the databases.
    pub(super) instance: String,
    pub(super) vault: Vault,
    pub(super) cache: Cache,
    pub(super) repos: Repos,
}

impl Foundation {
    /// Opens what is configured. `public_url` is the configured one or what reaches this server from this machine;
    /// `instance` is the name of this process among others. The task writes the event log.
    pub(super) async fn open(settings: &Settings, public_url: Url, instance: String) -> Result<(Self, Task)> {
        // Each takes a while, and none needs another.
        let (store, outbound, of_history, cache) = tokio::join!(
            databases::open(&settings.database),
            network::outbound_in_background(settings),
            network::outbound_of_history(settings),
            open_cache(settings)
        );
        let (store, outbound, of_history, cache) = (store?, outbound?, of_history?, cache?);
        let days = u64::from(settings.event_retention_days);
        let retention = (days > 0).then(|| Duration::from_hours(24 * days));
        let (events, writer) = EventLog::open(&store.state, retention);
        let vault = vault::open(settings, &store.state).await?;
        let repos = Repos::open(ReposParts {
            store: store.clone(),
            sealing: Arc::new(SealedByVault(vault.clone())),
            origin: public_url.clone(),
            limits: repos::Limits::default(),
        });
        let repos = repos.await.context("reading who is at home here")?;
        let resolver = network::resolver_at_home(settings, outbound.clone(), repos.directory());
        let accounts = Accounts::open(AccountsParts {
            state: store.state.clone(),
            cache: cache.clone(),
            outbound: outbound.clone(),
            resolver: resolver.clone(),
            events: events.clone(),
            vault: vault.clone(),
            config: AccountsConfig {
                public_url,
                base_path: settings.base_path.clone(),
                plc_url: settings.plc_url.clone(),
                default_rate_limit: rate_limit(settings),
                environment: settings.environment.clone(),
            },
        });
        let accounts = accounts.await?;
        let (records, wanted) = (Records::new(&store, databases::projections()), Wanted::default());
        settle(&records).await?;
        let shared = backfills::Shared {
            store: store.clone(),
            records: records.clone(),
            wanted: wanted.clone(),
            events: events.clone(),
            tuning: tuning(&accounts),
            instance: instance.clone(),
        };
        let backfills = backfills::open(settings, of_history, shared);
        let readthrough = ReadThrough::new(ReadThroughParts {
            records: records.clone(),
            remote: Remote::new(outbound.clone(), resolver.clone(), of_strangers()),
            cache: cache.clone(),
            budget: budget(&accounts),
            config: ReadThroughConfig {
                verified_lists: settings.backfill_verified,
                ..ReadThroughConfig::default()
            },
        });
        let foundation = Self {
            store,
            accounts,
            events,
            records,
            wanted,
            resolver,
            outbound,
            backfills,
            readthrough,
            instance,
            vault,
            cache,
            repos,
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

    pub(super) fn appview(&self, settings: &Settings, config: PublicConfig) -> AppviewParts {
        AppviewParts {
            store: self.store.clone(),
            accounts: self.accounts.clone(),
            events: self.events.clone(),
            records: self.records.clone(),
            readthrough: self.readthrough.clone(),
            history: History {
                backfills: self.backfills.clone(),
                mode: settings.backfill_mode,
                verified: settings.backfill_verified,
            },
            wanted: self.wanted.clone(),
            resolver: self.resolver.clone(),
            outbound: self.outbound.clone(),
            vault: self.vault.clone(),
            jobs: of_jobs(settings, &self.instance),
            attestation: settings.attestation.clone(),
            script_http_hosts: settings.script_http_hosts.clone(),
            instance: self.instance.clone(),
            labels: LabelsConfig::new(self.instance.clone()),
            config,
        }
    }

    pub(super) fn sync(&self, settings: &Settings, public_url: &Url) -> Result<SyncParts> {
        let push =
            settings.relay.push_url.clone().map(|url| PushService { outbound: self.outbound.clone(), url });
        Ok(SyncParts {
            store: self.store.clone(),
            cache: self.cache.clone(),
            vault: self.vault.clone(),
            bucket: settings.bucket.clone().map(Bucket::new).transpose().context("s3_url")?,
            public_url: settings
                .public_url
                .as_ref()
                .map(|url| relay::here(settings, url).parse())
                .transpose()?,
            push,
            github: github::open(settings, &self.outbound, relay::webapp_url(settings, public_url)?)?,
            voice: relay::voice(&settings.relay, &self.outbound)?,
            web: relay::web(settings, public_url)?,
            account_bytes: settings.relay.account_bytes,
        })
    }
}

/// How background jobs are run.
fn of_jobs(settings: &Settings, instance: &str) -> WorkerConfig {
    let (concurrency, retention_days) = (settings.job_concurrency, settings.job_retention_days);
    WorkerConfig {
        tuning: Arc::new(move || jobs::Tuning { concurrency, retention_days }),
        ..WorkerConfig::new(instance.to_owned())
    }
}

/// The rate limit of callers who have none of their own.
pub(super) fn rate_limit(settings: &Settings) -> RateLimit {
    RateLimit { capacity: settings.rate_limit_capacity, refill_rate: settings.rate_limit_refill }
}

/// How much a backfill does at once: what an operator says in the running server.
fn tuning(accounts: &Accounts) -> Arc<dyn Fn() -> Tuning + Send + Sync> {
    let settings = accounts.settings.clone();
    Arc::new(move || {
        let current = settings.current();
        Tuning {
            concurrent_hosts: current.backfill_concurrent_pds,
            concurrent_repos_per_host: current.backfill_concurrent_dids_per_pds,
            concurrent_resolution: current.backfill_concurrent_resolution,
            retention_days: current.backfill_retention_days,
        }
    })
}

/// How a host is asked on behalf of whoever names it: for proofs.
fn of_strangers() -> RemoteConfig {
    RemoteConfig { unproven_records: false, ..RemoteConfig::default() }
}

/// How much may be asked on behalf of readers: what an operator says in the running server.
fn budget(accounts: &Accounts) -> Arc<dyn Fn() -> Budget + Send + Sync> {
    let settings = accounts.settings.clone();
    Arc::new(move || {
        let current = settings.current();
        Budget { per_asker: current.read_through_per_caller, total: current.read_through_total }
    })
}

/// A new index learns what was decided here before anything of the network enters it. A full disk keeps nobody from reading.
async fn settle(records: &Records) -> Result<()> {
    match records.settle().await {
        Err(error) if error.is_transient() => {
            tracing::warn!(%error, "local decisions are not all carried out; it will be tried again");
            Ok(())
        }
        settled => settled.context("carrying out what was decided here"),
    }
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
