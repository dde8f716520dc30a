//! The registry and its hold, as configured.

use std::sync::Arc;

use anyhow::{Context, Result};
use aws_lc_rs::hmac;
use hold::Hold;
use hold_xrpc::{HoldService, HoldServiceParts, SigningKey};
use registry::auth::AuthConfig;
use registry::{Bounds, RegistryParts};
use repos::LocalAccounts;
use url::Url;

use super::foundation::Foundation;
use super::homes::DocumentsAtHome;
use crate::config::Settings;
use crate::holds::{self, Place};

impl Foundation {
    /// Opens the hold, and makes the accounts that are configured.
    pub(super) async fn registry(&self, settings: &Settings, public_url: &Url) -> Result<RegistryParts> {
        let config = &settings.registry;
        let local = LocalAccounts::new(&self.repos);
        make_accounts(settings, &local).await?;
        let service = config.service.clone().unwrap_or_else(|| host(public_url));
        let base_url = format!("{}{}", public_url.as_str().trim_end_matches('/'), settings.base_path);
        let hold = holds::open(settings, &self.store.state, public_url, &local, Place::Own).await?;
        Ok(RegistryParts {
            store: self.store.clone(),
            cache: self.cache.clone(),
            vault: self.vault.clone(),
            outbound: self.outbound.clone(),
            resolver: self.resolver.clone(),
            records: self.records.clone(),
            wanted: self.wanted.clone(),
            readthrough: self.readthrough.clone(),
            hurry: {
                let backfills = self.backfills.clone();
                Arc::new(move || backfills.hurry())
            },
            sessions: self.accounts.pds_sessions.clone(),
            sign_in: Some(self.accounts.sign_in.clone()),
            hold,
            repos: self.repos.clone(),
            local,
            auth: AuthConfig { base_url, service, token_life: config.token_life },
            bounds: Bounds { delete: config.delete, sparse: config.sparse, ..Bounds::default() },
            collecting: config.collecting(),
            browsers: self.accounts.browser_sessions.clone(),
            events: self.events.clone(),
            instance: self.instance.clone(),
        })
    }
}

impl Foundation {
    /// The hold as others see it, with a repository of its own. Its document is that of this host.
    pub(super) async fn hold_service(
        &self,
        settings: &Settings,
        public_url: &Url,
        hold: Hold,
        key: hmac::Key,
    ) -> Result<HoldService> {
        self.accounts.service.use_documents(Arc::new(DocumentsAtHome(self.repos.clone())));
        let base_url = format!("{}{}", public_url.as_str().trim_end_matches('/'), settings.base_path);
        let service = HoldService::open(HoldServiceParts {
            hold,
            repos: self.repos.clone(),
            tokens: self.accounts.service.clone(),
            cache: self.cache.clone(),
            base_url: Url::parse(&base_url)?,
            trusted_appviews: settings.registry.trusted_appviews.clone(),
            key: SigningKey(key),
            version: env!("CARGO_PKG_VERSION"),
        });
        service.await.context("making the repository of the hold")
    }
}

/// Makes accounts that are not there yet; passwords of those that are there stay.
async fn make_accounts(settings: &Settings, local: &LocalAccounts) -> Result<()> {
    if settings.registry.accounts.is_empty() {
        return Ok(());
    }
    let there = local.list().await?;
    for (handle, password) in &settings.registry.accounts {
        if there.iter().all(|account| account.handle != *handle) {
            let made = local.create(handle, password.expose()).await;
            made.with_context(|| format!("registry_accounts: {handle}"))?;
        }
    }
    Ok(())
}

/// The host as clients write it in front of the name of an image.
fn host(public_url: &Url) -> String {
    let host = public_url.host_str().unwrap_or("localhost");
    public_url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
