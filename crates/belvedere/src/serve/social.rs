//! The microblog, as configured.

use std::sync::Arc;

use anyhow::{Context, Result};
use blobs::Bucket;
use federation::{Federation, FederationConfig, FederationParts};
use social::media::MediaStore;
use social::{Social, SocialAppParts, SocialConfig, SocialParts};
use url::Url;

use super::foundation::Foundation;
use crate::config::Settings;
use crate::failure::Failure;
use crate::network;

/// The folder of pictures below that of the data.
const FOLDER: &str = "social";

impl Foundation {
    /// The microblog; nothing is read yet.
    pub(super) fn social(&self, settings: &Settings, public_url: &Url) -> Result<Social> {
        let config = &settings.social;
        let base = format!("{}{}", public_url.as_str().trim_end_matches('/'), settings.base_path);
        Ok(Social::new(SocialParts {
            state: self.store.state.clone(),
            cache: self.cache.clone(),
            vault: self.vault.clone(),
            config: SocialConfig {
                name: config.name.clone(),
                description: config.description.clone(),
                registration: config.registration,
                max_characters: config.max_characters,
                approve_follows: config.approve_follows,
                upload_max_bytes: config.upload_max_bytes,
                ..SocialConfig::new(Url::parse(&base)?)
            },
        }))
    }

    /// How it speaks with other servers: by a way of its own, so that a host that is down for it is not for the other apps.
    pub(super) async fn federation(&self, settings: &Settings, social: Social) -> Result<Federation> {
        let said = &settings.federation;
        let config = FederationConfig {
            authorized_fetch: said.authorized_fetch,
            hide_collections: said.hide_collections,
            only_allowed: said.only_allowed,
            signature_window: said.signature_window,
            first_knock: said.first_knock,
            tell_of_blocks: said.tell_of_blocks,
            backfill: said.backfill,
            inbox_max_bytes: said.inbox_max_bytes,
            inbox_per_minute: said.inbox_per_minute,
            fetch_max_bytes: said.fetch_max_bytes,
            delivery_workers: said.delivery_workers,
            per_host_rate: said.deliveries_per_second,
            time_scale: settings.time_scale,
            version: env!("CARGO_PKG_VERSION"),
        };
        let outbound = network::outbound_of_federation(settings).await?;
        Federation::new(FederationParts { social, outbound, config }).context("opening the federation")
    }

    /// What its REST API works with.
    pub(super) fn social_app(&self, settings: &Settings, social: Social) -> Result<SocialAppParts> {
        Ok(SocialAppParts {
            social,
            media: media(settings)?,
            resolver: Some(self.resolver.clone()),
            site: Some(Arc::new(self.accounts.clone())),
        })
    }
}

/// Refuses to give everything that was ever written another address.
pub(super) async fn is_at_home(social: &Social, settings: &Settings) -> Result<()> {
    let (base, known) = (social.addresses().base(), social.home(settings.public_url.is_some()).await?);
    if known == base {
        return Ok(());
    }
    let error = format!("the microblog is known elsewhere as {known}, and would be {base} now");
    let help = "set public_url and base_path back: other servers know people and thoughts by their addresses";
    Err(Failure::new(error, help).into())
}

/// A folder that is named, or else the bucket if there is one.
pub(crate) fn media(settings: &Settings) -> Result<MediaStore> {
    Ok(match (&settings.social.dir, &settings.bucket) {
        (Some(dir), _) => MediaStore::Folder(dir.clone()),
        (None, Some(location)) => MediaStore::Bucket(Bucket::new(location.clone()).context("s3_url")?),
        (None, None) => MediaStore::Folder(settings.data_dir.join(FOLDER)),
    })
}
