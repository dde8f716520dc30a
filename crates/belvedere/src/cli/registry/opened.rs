//! What commands about the registry work with.

use std::sync::Arc;

use accounts::Vault;
use anyhow::{Context, Result};
use hold::Hold;
use repos::{LocalAccounts, Repos, ReposParts};
use store::Store;
use url::Url;

use crate::config::Settings;
use crate::holds::{self, Place};
use crate::serve::public_url_of_a_command;
use crate::vault::{self, SealedByVault};

/// The accounts at home here, and the way to the hold.
pub(super) struct Opened<'s> {
    pub(super) settings: &'s Settings,
    pub(super) store: Store,
    pub(super) repos: Repos,
    pub(super) accounts: LocalAccounts,
    vault: Vault,
    public_url: Url,
}

impl<'s> Opened<'s> {
    pub(super) async fn new(settings: &'s Settings, store: Store) -> Result<Self> {
        let vault = vault::open(settings, &store.state).await?;
        let public_url = public_url_of_a_command(settings, &store.state).await?;
        let repos = Repos::open(ReposParts {
            store: store.clone(),
            sealing: Arc::new(SealedByVault(vault.clone())),
            origin: public_url.clone(),
            limits: repos::Limits::default(),
        });
        let repos = repos.await.context("reading who is at home here")?;
        let accounts = LocalAccounts::new(&repos);
        Ok(Self { settings, store, repos, accounts, vault, public_url })
    }

    /// What seals secrets here.
    pub(super) fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Before keys are sealed for the first time: that their secret is lost must be noticed later.
    pub(super) async fn confirm_secret(&self) -> Result<()> {
        Ok(self.vault.confirm(&self.store.state).await?)
    }

    /// The hold, for its rows.
    pub(super) async fn hold(&self) -> Result<Hold> {
        self.hold_at(Place::BesideAServer).await
    }

    /// The hold with its bytes.
    pub(super) async fn hold_at(&self, place: Place) -> Result<Hold> {
        holds::open(self.settings, &self.store.state, &self.public_url, &self.accounts, place).await
    }
}
