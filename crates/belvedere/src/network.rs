//! The way out: outgoing connections, the resolver of identities and that of lexicons, as configured.

use anyhow::{Context, Result};
use appview::LexiconResolver;
use identity::{Resolver, ResolverConfig};
use outbound::{Outbound, OutboundConfig, Policy};

use crate::config::Settings;

/// Ours among the keys of a shared cache; servers of different purposes use different databases of it.
pub(crate) const CACHE_PREFIX: &str = "belvedere:";

/// Prepares outgoing connections; connects to nothing. Reads the system's certificates, which takes a while.
pub(crate) fn outbound(settings: &Settings) -> Result<Outbound> {
    Ok(Outbound::new(outbound_config(settings))?)
}

/// The same on a thread where that may take a while.
pub(crate) async fn outbound_in_background(settings: &Settings) -> Result<Outbound> {
    let config = outbound_config(settings);
    let outbound = tokio::task::spawn_blocking(move || Outbound::new(config)).await;
    Ok(outbound.context("preparing outgoing connections")??)
}

fn outbound_config(settings: &Settings) -> OutboundConfig {
    OutboundConfig {
        policy: if settings.dev { Policy::development() } else { Policy::public_only() },
        dns: settings.dns_server,
        user_agent: settings.user_agent.clone(),
        ..OutboundConfig::default()
    }
}

/// Who is who, asked through `outbound`.
pub(crate) fn resolver(settings: &Settings, outbound: Outbound) -> Resolver {
    let config = ResolverConfig { dev: settings.dev, ..ResolverConfig::new(settings.plc_url.clone()) };
    Resolver::new(outbound, config)
}

/// Finds published lexicons.
pub(crate) fn lexicon_resolver(settings: &Settings) -> Result<LexiconResolver> {
    let outbound = outbound(settings)?;
    Ok(LexiconResolver::new(resolver(settings, outbound.clone()), outbound))
}
