//! Settings.

use std::collections::HashMap;

use accounts::settings::{Logo, ProxyMode, ProxyPolicy};
use accounts::{Actor, Existing, Imported, Settings};
use anyhow::Result;
use data_encoding::BASE64;
use happyview::Setting;
use serde::Deserialize;

use super::kind::Kind;
use super::run::{Run, Taken, settled};

const PROXY: &str = "xrpc_proxy_config";
const LOGO: &str = "logo_data";
const LOGO_TYPE: &str = "logo_content_type";

/// What the old server kept for itself, and why that stays there.
const OF_THE_OLD_SERVER: [(&str, &str); 4] = [
    ("jetstream_cursor", "this server has its own place in the stream"),
    ("attestation_private_key", "attestation keys are not imported; this server signs with its own"),
    ("attestation_key_id", "it belongs to the attestation key"),
    ("attestation_sig_type", "it belongs to the attestation key"),
];

/// The policy of calls that are passed on, as HappyView writes it.
#[derive(Deserialize)]
struct StoredPolicy {
    mode: ProxyMode,
    #[serde(default)]
    nsids: Vec<String>,
}

impl Run<'_> {
    pub(super) async fn settings(&mut self) -> Result<()> {
        let mut kind = Kind::new("settings");
        // Without an environment: what variables say is not what somebody set.
        let settings =
            Settings::open(self.target.store.state.clone(), self.log.clone(), HashMap::new()).await?;
        let logo_type = self.logo_type().await?;
        let existing = self.existing;
        let take = async |setting: Setting, _: &mut Kind| {
            // A logo is there if its type is.
            let key = if setting.key == LOGO { LOGO_TYPE } else { &setting.key };
            let is_here = settings.is_stored(key);
            if is_here && existing == Existing::Keep {
                return Ok(Taken::Done(Imported::Kept));
            }
            let done = if is_here { Imported::Replaced } else { Imported::Added };
            put(&settings, setting, logo_type.as_deref(), done).await
        };
        let items = self.source.settings();
        self.each(&mut kind, items, |setting| setting.key.clone(), take).await?;
        self.report.add(kind);
        Ok(())
    }

    /// Read beforehand: it is stored together with the logo.
    async fn logo_type(&self) -> Result<Option<String>> {
        let mut settings = self.source.settings();
        while let Some(page) = settings.next_page().await? {
            let found = page.into_iter().flatten().find(|setting| setting.key == LOGO_TYPE);
            if let Some(setting) = found {
                return Ok(Some(setting.value));
            }
        }
        Ok(None)
    }
}

async fn put(
    settings: &Settings,
    Setting { key, value }: Setting,
    logo_type: Option<&str>,
    done: Imported,
) -> Result<Taken> {
    let by = Actor::LocalOperator;
    if let Some((_, why)) = OF_THE_OLD_SERVER.iter().find(|(name, _)| *name == key) {
        return Ok(Taken::skipped(why, ""));
    }
    let outcome = match key.as_str() {
        PROXY => match policy(&value) {
            Ok(policy) => settings.set_proxy_policy(&by, &policy).await,
            Err(reason) => return Ok(Taken::skipped(reason, "set it anew: PUT /admin/settings/xrpc-proxy")),
        },
        LOGO => match (logo_type, BASE64.decode(value.as_bytes())) {
            (Some(content_type), Ok(bytes)) => {
                settings.set_logo(&by, Logo { content_type: content_type.to_owned(), bytes }).await
            }
            _ => {
                return Ok(Taken::skipped(
                    "it is no image with a type",
                    "set it anew: PUT /admin/settings/logo",
                ));
            }
        },
        // Stored together with the logo.
        LOGO_TYPE => Ok(()),
        key => settings.set(&by, key, &value).await,
    };
    settled(outcome.map(|()| done), String::new)
}

fn policy(json: &str) -> Result<ProxyPolicy, String> {
    let stored: StoredPolicy =
        serde_json::from_str(json).map_err(|error| format!("it cannot be read: {error}"))?;
    ProxyPolicy::new(stored.mode, &stored.nsids).map_err(|error| error.to_string())
}
