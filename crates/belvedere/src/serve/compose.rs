//! The composition root: which part is made of which.

use std::sync::Arc;

use accounts::domains::{Domains, is_loopback};
use anyhow::{Context, Result};
use appview::{Appview, PublicConfig};
use mastodon::{Mastodon, MastodonParts};
use records::{Ingest, IngestConfig, IngestHook, IngestParts, maintain};
use registry::RegistryApp;
use server::{App, Check, Shell, ShellConfig, Task, serve_metrics};
use social::SocialApp;
use store::{Database, Store};
use sync::{Operator, Sync};
use tokio::net::TcpListener;
use url::Url;

use super::foundation::Foundation;
use super::social::{is_at_home, media};
use super::{homes, instance, metrics};
use crate::config::{AppName, Settings};
use crate::databases;

/// Stands for the address of a server that does not listen.
const NOWHERE: &str = "http://127.0.0.1";

/// Covers what nothing else does.
const ROOT: &str = "/";

/// A server, ready to serve.
pub(super) struct Composition {
    pub(super) shell: Shell,
    /// To be checkpointed when the shell has stopped.
    pub(super) store: Store,
}

/// Opens what is configured and mounts the apps on it. `url` reaches this server from this machine.
pub(super) async fn compose(
    settings: &Settings,
    url: &str,
    metrics_listener: TcpListener,
) -> Result<Composition> {
    // First: the parts register what they count when they are made.
    let recorder = metrics::install()?;
    let public_url = public_url(settings, url)?;
    let instance = instance::id(&settings.data_dir)?;
    let (foundation, event_log) = Foundation::open(settings, public_url.clone(), instance).await?;
    let store = foundation.store.clone();
    let checks = foundation.checks(settings);
    let (render, config) = (recorder.clone(), shell_config(settings));
    let metrics = Task::new("metrics", async move |stop| {
        serve_metrics(metrics_listener, &config, move || render.render(), &stop).await;
    });
    let tasks = vec![metrics, metrics::upkeep(recorder), event_log];
    let shell = mount(settings, foundation, &public_url, tasks, checks).await?;
    Ok(Composition { shell, store })
}

/// A server that knows the routes of every app and is not meant to serve. They do not depend on any data, so the apps are
/// mounted on an empty database.
pub(crate) async fn unserved() -> Result<Shell> {
    let dir = tempfile::tempdir().context("cannot make a temporary folder")?;
    let settings = Settings { apps: AppName::ALL.to_vec(), ..Settings::defaults(dir.path())? };
    let public_url = public_url(&settings, NOWHERE)?;
    let (foundation, event_log) =
        Foundation::open(&settings, public_url.clone(), "unserved".to_owned()).await?;
    mount(&settings, foundation, &public_url, vec![event_log], Vec::new()).await
}

/// The appview that a server of this configuration has, for a command beside it: nothing is served, followed or put into effect.
/// The task writes the event log.
pub(crate) async fn appview_of_a_command(settings: &Settings) -> Result<(Appview, Task)> {
    let store = databases::open_existing(settings).await?;
    let public_url = public_url_of_a_command(settings, &store.state).await?;
    drop(store);
    let instance = format!("command-{}", std::process::id());
    let (foundation, event_log) = Foundation::open(settings, public_url.clone(), instance).await?;
    let config = public_config(settings, &public_url);
    Ok((Appview::open(foundation.appview(settings, config)).await?, event_log))
}

/// What a server of this configuration goes by, which is for the server to change.
pub(crate) async fn public_url_of_a_command(settings: &Settings, state: &Database) -> Result<Url> {
    match Domains::configured(state).await? {
        Some(url) => Ok(url),
        None => public_url(settings, NOWHERE),
    }
}

/// Mounts what is switched on: accounts, the apps and the ingest that works for all of them.
async fn mount(
    settings: &Settings,
    foundation: Foundation,
    public_url: &Url,
    tasks: Vec<Task>,
    checks: Vec<Check>,
) -> Result<Shell> {
    let accounts = foundation.accounts.clone();
    let web = web::app(&settings.base_path);
    let mut apps = vec![App { tasks, ..App::new("belvedere") }, accounts.app(), web];
    let mut hooks: Vec<Arc<dyn IngestHook>> = Vec::new();
    let (mut others, mut hold) = (None, None);
    for app in &settings.apps {
        match app {
            AppName::Appview => {
                let config = public_config(settings, public_url);
                let mut appview = Appview::open(foundation.appview(settings, config)).await?;
                if let Some(dir) = &settings.scripts_dir {
                    appview.watch(dir.clone()).await?;
                }
                hooks.extend(appview.ingest_hooks());
                others = Some(appview.queries());
                apps.push(appview.app());
            }
            AppName::Sync => {
                let mut relay = Sync::new(foundation.sync(settings, public_url)?).app();
                relay.extensions.push(Operator::new(foundation.store.state.clone()).extension());
                if relay.mounts.iter().any(|mount| mount.prefix == ROOT) {
                    // The web app is what the root shows; the page to sign in is where it was.
                    for app in &mut apps {
                        app.mounts.retain(|mount| mount.prefix != ROOT);
                    }
                }
                apps.push(relay);
            }
            AppName::Registry => {
                let parts = foundation.registry(settings, public_url).await?;
                let opened = parts.hold.clone();
                let registry = RegistryApp::open(parts).await.context("opening the registry")?;
                let key = registry.derived_key("signed URLs of the hold");
                apps.push(registry.app());
                let service = foundation.hold_service(settings, public_url, opened, key).await?;
                apps.push(service.app());
                hold = Some(service);
            }
            AppName::Social => {
                let social = foundation.social(settings, public_url)?;
                let app = SocialApp::open(foundation.social_app(settings, social.clone())?);
                apps.push(app.await.context("opening the microblog")?.app());
                is_at_home(&social, settings).await?;
                apps.push(foundation.federation(settings, social.clone()).await?.app());
                apps.push(Mastodon::new(MastodonParts { social, media: media(settings)? }).app());
            }
        }
    }
    apps.push(homes::app(&foundation, settings, others, hold));
    apps.push(records(foundation, settings, hooks));
    let sites = Arc::new(accounts.domains.clone());
    Ok(Shell::new(shell_config(settings), Arc::new(accounts), sites, checks, apps)?)
}

fn shell_config(settings: &Settings) -> ShellConfig {
    ShellConfig {
        version: env!("CARGO_PKG_VERSION"),
        base_path: settings.base_path.clone(),
        trusted_proxies: settings.trusted_proxies.clone(),
        ..ShellConfig::default()
    }
}

/// What fills the record index and keeps it up to date, for all apps together.
fn records(foundation: Foundation, settings: &Settings, hooks: Vec<Arc<dyn IngestHook>>) -> App {
    let Foundation { records, events, outbound, resolver, wanted, backfills, instance, .. } = foundation;
    let config = IngestConfig::new(settings.jetstream().clone(), instance);
    let (first, longest) = config.back_off;
    let config = IngestConfig {
        compress: settings.jetstream_compress,
        upstreams: settings.upstreams(),
        back_off: (first / settings.time_scale, longest / settings.time_scale),
        ..config
    };
    let maintenance = {
        let records = records.clone();
        Task::new("maintenance", move |stop| maintain(records, stop))
    };
    let ingest = Ingest::new(IngestParts { records, events, outbound, resolver, wanted, hooks, config });
    let ingest = Task::new("ingest", move |stop| ingest.run(stop));
    let backfill = Task::new("backfill", move |stop| backfills.run(stop));
    App { tasks: vec![ingest, backfill, maintenance], ..App::new("records") }
}

/// The origin under which people reach this server.
fn public_url(settings: &Settings, url: &str) -> Result<Url> {
    let local = || Url::parse(url).context("cannot make a URL of the address this server listens on");
    settings.public_url.clone().map_or_else(local, Ok)
}

fn public_config(settings: &Settings, public_url: &Url) -> PublicConfig {
    let text = |url: &Url| url.as_str().trim_end_matches('/').to_owned();
    PublicConfig {
        public_url: format!("{}{}", text(public_url), settings.base_path),
        version: env!("CARGO_PKG_VERSION"),
        jetstream_url: text(settings.jetstream()),
        relay_url: text(&settings.relay_url),
        plc_url: text(&settings.plc_url),
        default_rate_limit_capacity: settings.rate_limit_capacity,
        default_rate_limit_refill_rate: settings.rate_limit_refill,
        config_errors: config_errors(public_url),
    }
}

/// What the dashboard should say before anybody tries to sign in.
fn config_errors(public_url: &Url) -> Vec<String> {
    let plain = public_url.scheme() != "https" && !is_loopback(public_url);
    let error =
        || format!("PUBLIC_URL is {public_url}: signing in needs https, or an address of this machine");
    plain.then(error).into_iter().collect()
}
