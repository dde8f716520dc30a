//! What the relay works with, as configured.

use anyhow::{Context, Result};
use outbound::Outbound;
use sync::{ElevenLabs, RevenueCat, Voice};

use crate::config::{Relay, Secret};

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
