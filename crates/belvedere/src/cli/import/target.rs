//! Where everything goes.

use accounts::{Vault, VaultConfig};
use anyhow::{Context, Result};
use store::dump::WithoutScripts;
use store::{Location, Store, StoreConfig, dump};
use tempfile::TempDir;

use super::vault;
use crate::config::Settings;
use crate::databases;
use crate::output::now_micros;

/// The databases, and what seals secrets in them.
pub(super) struct Target {
    pub(super) store: Store,
    pub(super) vault: Vault,
    /// A rehearsal's databases, gone with this.
    _scratch: Option<TempDir>,
}

impl Target {
    /// Those of the configuration.
    pub(super) async fn open(settings: &Settings) -> Result<Self> {
        let store = databases::open_or_create(settings).await?;
        let vault = vault::open(settings, &store.state).await?;
        Ok(Self { store, vault, _scratch: None })
    }

    /// A copy of what is durable there, to be thrown away: importing into it shows what importing does, to the last
    /// constraint, and changes nothing. Its secrets are not needed.
    pub(super) async fn rehearsal(settings: &Settings) -> Result<Self> {
        let scratch = tempfile::tempdir().context("cannot make a folder to rehearse in")?;
        let config = StoreConfig { max_connections: 1, ..StoreConfig::sqlite(scratch.path()) };
        let store = databases::open(&config).await?;
        let is_new = match &settings.database.location {
            Location::Sqlite(dir) => !databases::exist(dir),
            Location::Postgres(_) => false,
        };
        if !is_new {
            let real = databases::open_existing(settings).await?;
            let file =
                tempfile::tempfile_in(scratch.path()).context("cannot make a file to rehearse with")?;
            let (_, file) = dump::write(
                &real.state,
                env!("CARGO_PKG_VERSION"),
                now_micros(),
                file,
                WithoutScripts,
                |_| {},
            )
            .await?;
            dump::restore(&store.state, &databases::schemas(), file, dump::Existing::Keep, WithoutScripts)
                .await?;
        }
        let vault = Vault::open(&VaultConfig {
            data_dir: scratch.path(),
            master_secret: None,
            token_encryption_key: None,
        })?;
        Ok(Self { store, vault, _scratch: Some(scratch) })
    }
}
