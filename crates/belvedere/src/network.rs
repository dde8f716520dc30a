//! The way out: outgoing connections, the resolver of identities and that of lexicons, as configured.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use appview::LexiconResolver;
use identity::{Local, Resolver, ResolverConfig};
use outbound::{BackOff, Outbound, OutboundConfig, Policy};
use remote::RemoteConfig;
use repos::Directory;

use crate::config::Settings;

/// Ours among the keys of a shared cache; servers of different purposes use different databases of it.
pub(crate) const CACHE_PREFIX: &str = "belvedere:";

/// Requests for history to one host at once, whatever the settings of backfills say: the directory is asked for many.
const MAX_FETCHES_PER_HOST: usize = 100;

/// Exchanges of the federation with one host at once: four deliveries, and as many questions (spec/social.md §4.10, §4.11).
const FEDERATION_PER_HOST: usize = 8;

/// A whole repository may take as many times longer than any other answer.
const EXPORT: u32 = 10;

/// Prepares outgoing connections; connects to nothing. Reads the system's certificates, which takes a while.
pub(crate) fn outbound(settings: &Settings) -> Result<Outbound> {
    Ok(Outbound::new(outbound_config(settings))?)
}

/// The same on a thread where that may take a while.
pub(crate) async fn outbound_in_background(settings: &Settings) -> Result<Outbound> {
    prepared(outbound_config(settings)).await
}

/// The way out of what fetches history. Limits and pauses of hosts are its own: however much it asks of them, a person's
/// request finds a free place.
pub(crate) async fn outbound_of_history(settings: &Settings) -> Result<Outbound> {
    prepared(OutboundConfig { per_host: MAX_FETCHES_PER_HOST, ..outbound_config(settings) }).await
}

/// The way out of the federation. Limits and pauses of hosts are its own: one that is down for it is not for the other apps, and
/// deliveries leave places free for what is asked.
pub(crate) async fn outbound_of_federation(settings: &Settings) -> Result<Outbound> {
    prepared(OutboundConfig { per_host: FEDERATION_PER_HOST, ..outbound_config(settings) }).await
}

async fn prepared(config: OutboundConfig) -> Result<Outbound> {
    let outbound = tokio::task::spawn_blocking(move || Outbound::new(config)).await;
    Ok(outbound.context("preparing outgoing connections")??)
}

fn outbound_config(settings: &Settings) -> OutboundConfig {
    let back_off = BackOff::default();
    let scaled = |wait: Duration| wait / settings.time_scale;
    OutboundConfig {
        back_off: BackOff { first: scaled(back_off.first), longest: scaled(back_off.longest) },
        policy: if settings.dev { Policy::development() } else { Policy::public_only() },
        dns: settings.dns_server,
        user_agent: settings.user_agent.clone(),
        ..OutboundConfig::default()
    }
}

/// Who is who, asked through `outbound`.
pub(crate) fn resolver(settings: &Settings, outbound: Outbound) -> Resolver {
    Resolver::new(outbound, resolver_config(settings))
}

/// The same where people are at home.
pub(crate) fn resolver_at_home(settings: &Settings, outbound: Outbound, local: Directory) -> Resolver {
    let local: Option<Arc<dyn Local>> = Some(Arc::new(local));
    Resolver::new(outbound, ResolverConfig { local, ..resolver_config(settings) })
}

fn resolver_config(settings: &Settings) -> ResolverConfig {
    ResolverConfig { dev: settings.dev, ..ResolverConfig::new(settings.plc_url.clone()) }
}

/// The same for jobs. What a host says of an account that has just moved away must not be taken for the account's end, so
/// a document is fetched anew whenever there is doubt; strangers cannot cause that.
pub(crate) fn resolver_of_history(settings: &Settings, outbound: Outbound) -> Resolver {
    let config = ResolverConfig {
        dev: settings.dev,
        refresh_floor: Duration::ZERO,
        ..ResolverConfig::new(settings.plc_url.clone())
    };
    Resolver::new(outbound, config)
}

/// How repositories are read there.
pub(crate) fn remote_of_history(settings: &Settings) -> RemoteConfig {
    let request_timeout = settings.backfill_timeout;
    RemoteConfig { request_timeout, export_timeout: request_timeout * EXPORT, ..RemoteConfig::default() }
}

/// Finds published lexicons.
pub(crate) fn lexicon_resolver(settings: &Settings) -> Result<LexiconResolver> {
    let outbound = outbound(settings)?;
    Ok(LexiconResolver::new(resolver(settings, outbound.clone()), outbound))
}
