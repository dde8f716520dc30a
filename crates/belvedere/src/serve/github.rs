//! GitHub, as the relay is to know it.

use anyhow::{Context, Result};
use outbound::{NamedHost, Outbound, Policy};
use sync::{Github, OAuthApp, Webhook};

use crate::config::{Secret, Settings};

/// What is configured. Connects to nothing.
pub(super) fn open(settings: &Settings, outbound: &Outbound) -> Result<Github> {
    let configured = &settings.github;
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
    Ok(Github { webapp_url: settings.webapp_url.clone(), app, webhook })
}

/// An Enterprise of one's own is where the operator says, also in a private network; nothing else there is reached by that.
fn way(settings: &Settings, outbound: &Outbound) -> Result<Outbound, outbound::Error> {
    if settings.github.is_public() {
        return Ok(outbound.clone());
    }
    let allow_hosts = NamedHost::of(&settings.github.url).into_iter().collect();
    outbound.with_policy(Policy { allow_hosts, ..outbound.policy().clone() })
}
