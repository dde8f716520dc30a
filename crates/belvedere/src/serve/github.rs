//! GitHub, as the relay is to know it.

use anyhow::{Context, Result};
use outbound::{NamedHost, Outbound, Policy};
use sync::{Github, OAuthApp, Webhook};
use url::Url;

use crate::config::{Secret, Settings};

/// What is configured. Connects to nothing.
pub(super) fn open(settings: &Settings, outbound: &Outbound, webapp_url: Url) -> Result<Github> {
    let configured = &settings.relay.github;
    let app = match &configured.app {
        Some(app) => Some(OAuthApp {
            outbound: way(settings, outbound).context("github_url")?,
            url: configured.url.clone(),
            client_id: app.client_id.clone(),
            client_secret: app.client_secret.expose().to_owned(),
            redirect_url: app.redirect_url.clone(),
        }),
        None => None,
    };
    let webhook = configured.webhook_secret.as_ref().map(Secret::expose).map(Webhook::new);
    Ok(Github { webapp_url, app, webhook })
}

/// An Enterprise of one's own is where the operator says, also in a private network; nothing else there is reached by that.
fn way(settings: &Settings, outbound: &Outbound) -> Result<Outbound, outbound::Error> {
    if settings.relay.github.is_public() {
        return Ok(outbound.clone());
    }
    let allow_hosts = NamedHost::of(&settings.relay.github.url).into_iter().collect();
    outbound.with_policy(Policy { allow_hosts, ..outbound.policy().clone() })
}
