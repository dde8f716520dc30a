//! The server: puts everything together, says when it is ready, and ends in order.

mod compose;
mod foundation;
mod github;
mod homes;
mod instance;
mod lock;
mod metrics;
mod ready;
mod registry;
mod relay;
mod signals;
mod social;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use store::Store;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::{AppName, Settings, warnings};
use crate::failure::Failure;
use crate::{traces, unfilled, unreachable};
use compose::Composition;
pub(crate) use compose::{appview_of_a_command, public_url_of_a_command, unserved};
pub(crate) use lock::{DataDirLock, holder};
use ready::{Ready, local_url};
pub(crate) use social::media;

/// What is left of two seconds after requests and tasks have had theirs.
const CHECKPOINT: Duration = Duration::from_millis(300);

/// Serves until a signal says otherwise.
///
/// Nothing before the ready line waits for the network (but for the servers that hold our own data) or reads more than
/// a few rows: everything else happens in tasks.
pub(crate) async fn run(settings: Settings) -> Result<()> {
    let started = Instant::now();
    let shutdown = CancellationToken::new();
    signals::watch(shutdown.clone()).context("cannot listen for signals")?;
    std::fs::create_dir_all(&settings.data_dir)
        .with_context(|| format!("cannot make the data folder {}", settings.data_dir.display()))?;
    let _lock = DataDirLock::take(&settings.data_dir)?;
    let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for warning in warnings(&settings, variables) {
        tracing::warn!("{warning}");
    }
    // Before the databases are touched: a port that is taken is found out without a trace.
    let listener = bind(SocketAddr::new(settings.host, settings.port), "port").await?;
    let metrics_listener =
        bind(SocketAddr::new(settings.metrics_host, settings.metrics_port), "metrics-port").await?;
    let url = local_url(listener.local_addr()?);
    let metrics = format!("{}/metrics", local_url(metrics_listener.local_addr()?));
    let Composition { shell, store } = compose::compose(&settings, &url, metrics_listener).await?;
    let ready = Ready {
        event: "ready",
        url,
        metrics,
        version: env!("CARGO_PKG_VERSION"),
        apps: settings.apps.iter().copied().map(AppName::name).collect(),
        database: store.state.engine().name(),
        pid: std::process::id(),
    };
    tracing::info!(url = ready.url, metrics = ready.metrics, elapsed = ?started.elapsed(), "ready");
    if let Err(error) = ready.print() {
        tracing::warn!(%error, "the ready line could not be printed");
    }
    tokio::spawn(unfilled::warn_if_unfilled(store.clone()));
    if let Some(location) = settings.bucket.filter(|_| settings.apps.contains(&AppName::Sync)) {
        tokio::spawn(unreachable::warn_if_unreachable(location));
    }
    let outcome = shell.serve(listener, shutdown).await;
    faults::crash_point!("shutdown.before-checkpoint");
    checkpoint(&store).await;
    tracing::info!("stopped");
    traces::flush().await;
    Ok(outcome?)
}

async fn bind(address: SocketAddr, flag: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::new(
            format!("cannot listen on {address}: {error}"),
            format!("name another address with --{flag} (0 takes a free port) or its host"),
        )
        .into()
    })
}

/// Makes the next start quick. Skipped rather than waited for: the write-ahead log is as safe as the file.
async fn checkpoint(store: &Store) {
    match tokio::time::timeout(CHECKPOINT, store.checkpoint()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the write-ahead logs stay as they are"),
        Err(_) => tracing::info!("the write-ahead logs are long and stay as they are"),
    }
}
