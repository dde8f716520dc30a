//! The composition root: which part is made of which.

use std::sync::Arc;

use accounts::Accounts;
use anyhow::{Context, Result};
use appview::{Appview, AppviewParts, PublicConfig};
use cache::Cache;
use identity::Resolver;
use outbound::Outbound;
use records::{Ingest, IngestConfig, IngestHook, IngestParts, Records, Wanted, maintain};
use server::{App, Check, Shell, ShellConfig, Task, serve_metrics};
use store::{Database, Store};
use tokio::net::TcpListener;

use super::{instance, metrics};
use crate::config::{AppName, Settings};
use crate::{databases, network};

/// Tokens of a client without a limit of its own, and how many it gets back per second. Nothing enforces them yet.
const RATE_LIMIT: (u32, f64) = (100, 2.0);

/// A server, ready to serve.
pub(super) struct Composition {
    pub(super) shell: Shell,
    /// To be checkpointed when the shell has stopped.
    pub(super) store: Store,
}

/// The parts that apps share.
struct Foundation {
    store: Store,
    records: Records,
    wanted: Wanted,
    resolver: Resolver,
    outbound: Outbound,
}

/// Opens what is configured and mounts the apps on it. `url` reaches this server from this machine.
pub(super) async fn compose(
    settings: &Settings,
    url: &str,
    metrics_listener: TcpListener,
) -> Result<Composition> {
    // First: the parts register what they count when they are made.
    let recorder = metrics::install()?;
    let foundation = Foundation::open(settings).await?;
    let store = foundation.store.clone();
    let mut checks = vec![answers("state", &store.state), answers("index", &store.index)];
    checks.extend(shared_cache(settings).await?);
    let render = recorder.clone();
    let metrics = Task::new("metrics", async move |stop| {
        serve_metrics(metrics_listener, &shell_config(), move || render.render(), &stop).await;
    });
    let tasks = vec![metrics, metrics::upkeep(recorder)];
    let shell = mount(settings, foundation, url, tasks, checks).await?;
    Ok(Composition { shell, store })
}

/// The table of routes. It does not depend on any data, so the apps are mounted on an empty database.
pub(crate) async fn routes() -> Result<String> {
    let dir = tempfile::tempdir().context("cannot make a temporary folder")?;
    let settings = Settings::defaults(dir.path())?;
    let foundation = Foundation::open(&settings).await?;
    Ok(mount(&settings, foundation, "", Vec::new(), Vec::new()).await?.routes_markdown())
}

/// Mounts what is switched on: accounts, the apps and the ingest that works for all of them.
async fn mount(
    settings: &Settings,
    foundation: Foundation,
    url: &str,
    tasks: Vec<Task>,
    checks: Vec<Check>,
) -> Result<Shell> {
    let accounts = Accounts::new(foundation.store.state.clone());
    let mut apps = vec![App { name: "belvedere", mounts: Vec::new(), tasks }, accounts.app()];
    let mut hooks: Vec<Arc<dyn IngestHook>> = Vec::new();
    for app in &settings.apps {
        match app {
            AppName::Appview => {
                let appview = Appview::open(foundation.appview(public_config(settings, url))).await?;
                hooks.push(appview.ingest_hook());
                apps.push(appview.app());
            }
        }
    }
    apps.push(foundation.ingest(settings, hooks)?);
    Ok(Shell::new(shell_config(), Arc::new(accounts), checks, apps)?)
}

fn shell_config() -> ShellConfig {
    ShellConfig { version: env!("CARGO_PKG_VERSION"), ..ShellConfig::default() }
}

impl Foundation {
    async fn open(settings: &Settings) -> Result<Self> {
        // Both take a while, and neither needs the other.
        let (store, outbound) =
            tokio::join!(databases::open(&settings.database), network::outbound_in_background(settings));
        let (store, outbound) = (store?, outbound?);
        let resolver = network::resolver(settings, outbound.clone());
        Ok(Self {
            records: Records::new(&store, Vec::new()),
            wanted: Wanted::default(),
            resolver,
            outbound,
            store,
        })
    }

    fn appview(&self, config: PublicConfig) -> AppviewParts {
        AppviewParts {
            store: self.store.clone(),
            records: self.records.clone(),
            wanted: self.wanted.clone(),
            resolver: self.resolver.clone(),
            outbound: self.outbound.clone(),
            config,
        }
    }

    /// What keeps the record index up to date, for all apps together.
    fn ingest(self, settings: &Settings, hooks: Vec<Arc<dyn IngestHook>>) -> Result<App> {
        let instance = instance::id(&settings.data_dir)?;
        let config = IngestConfig {
            compress: settings.jetstream_compress,
            ..IngestConfig::new(settings.jetstream_url.clone(), instance)
        };
        let Self { records, outbound, resolver, wanted, .. } = self;
        let maintenance = {
            let records = records.clone();
            Task::new("maintenance", move |stop| maintain(records, stop))
        };
        let ingest = Ingest::new(IngestParts { records, outbound, resolver, wanted, hooks, config });
        let ingest = Task::new("ingest", move |stop| ingest.run(stop));
        Ok(App { name: "records", mounts: Vec::new(), tasks: vec![ingest, maintenance] })
    }
}

/// Ready means that the database answers.
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

/// No app keeps anything in it yet, but whoever configures one wants to hear when it is gone.
async fn shared_cache(settings: &Settings) -> Result<Option<Check>> {
    let Some(url) = &settings.cache_url else { return Ok(None) };
    let cache = Cache::connect(url, network::CACHE_PREFIX).await.context("cache_url")?;
    Ok(Some(Check::new("cache", move || {
        let cache = cache.clone();
        async move { Ok(cache.get("ready").await.map(drop)?) }
    })))
}

fn public_config(settings: &Settings, url: &str) -> PublicConfig {
    let text = |url: &url::Url| url.as_str().trim_end_matches('/').to_owned();
    PublicConfig {
        public_url: settings.public_url.as_ref().map_or_else(|| url.to_owned(), text),
        version: env!("CARGO_PKG_VERSION"),
        jetstream_url: text(&settings.jetstream_url),
        relay_url: text(&settings.relay_url),
        plc_url: text(&settings.plc_url),
        default_rate_limit_capacity: RATE_LIMIT.0,
        default_rate_limit_refill_rate: RATE_LIMIT.1,
        app_name: None,
        logo_url: None,
        config_errors: Vec::new(),
    }
}
