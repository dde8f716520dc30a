//! What the relay works with, as configured.

use anyhow::{Context, Result, ensure};
use outbound::Outbound;
use sync::{ElevenLabs, RevenueCat, Voice, WebApp};
use url::Url;

use crate::config::{Relay, Secret, Settings};

/// The web app that is there for everybody.
const PUBLIC_WEBAPP: &str = "https://app.happy.engineering";

/// The vendors whose keys are given.
pub(super) fn voice(relay: &Relay, outbound: &Outbound) -> Result<Voice> {
    let elevenlabs = relay.elevenlabs_api_key.as_ref().map(Secret::expose);
    let elevenlabs =
        elevenlabs.map(|key| ElevenLabs::new(outbound.clone(), relay.elevenlabs_url.clone(), key));
    let revenuecat = relay.revenuecat_api_key.as_ref().map(Secret::expose);
    let revenuecat = revenuecat.map(|key| {
        let (url, project) = (relay.revenuecat_url.clone(), relay.revenuecat_project.clone());
        RevenueCat::new(outbound.clone(), url, key, project)
    });
    Ok(Voice {
        elevenlabs: elevenlabs.transpose().context("elevenlabs_api_key")?,
        revenuecat: revenuecat.transpose().context("revenuecat_api_key")?,
    })
}

/// The web app, if there is a folder for one. It finds this server at its public address, unless it is told something else.
pub(super) fn web(settings: &Settings, public_url: &Url) -> Result<Option<WebApp>> {
    let Some(dir) = settings.relay.web_dir.clone() else { return Ok(None) };
    ensure!(
        dir.join("index.html").is_file(),
        "sync_web_dir: {} has no index.html; name the folder that the build of the web app is in",
        dir.display()
    );
    let mut config = settings.relay.web_config.clone();
    config.entry("serverUrl").or_insert_with(|| here(settings, public_url).into());
    Ok(Some(WebApp { dir, config }))
}

/// Where browsers find the web app.
pub(super) fn webapp_url(settings: &Settings, public_url: &Url) -> Result<Url> {
    match &settings.relay {
        Relay { webapp_url: Some(url), .. } => Ok(url.clone()),
        Relay { web_dir: Some(_), .. } => Ok(Url::parse(&here(settings, public_url))?),
        _ => Ok(Url::parse(PUBLIC_WEBAPP)?),
    }
}

/// Where clients reach this server.
pub(super) fn here(settings: &Settings, public_url: &Url) -> String {
    format!("{}{}", public_url.as_str().trim_end_matches('/'), settings.base_path)
}
