//! The master secret of this configuration.

use accounts::{Purpose, Vault};
use anyhow::Result;
use atproto::Did;
use repos::{SealError, Sealing};
use store::Database;

use crate::config::Settings;
use crate::failure::Failure;

/// A master secret that was lost is not replaced: what was sealed under it would be lost with it, without a word.
pub(crate) async fn open(settings: &Settings, state: &Database) -> Result<Vault> {
    let config = settings.vault();
    if !config.is_secret_there() && Vault::is_needed_by(state).await? {
        return Err(Failure::new(
            format!("the master secret of this database is missing: there is no master.key in {}", settings.data_dir.display()),
            "put back the file master.key that was made with the database, or set MASTER_SECRET to what it was",
        )
        .into());
    }
    Ok(Vault::open(&config)?)
}

/// The keys of repositories that are at home here, sealed as everything else is.
pub(crate) struct SealedByVault(pub(crate) Vault);

impl Sealing for SealedByVault {
    fn seal(&self, did: &Did, key: &[u8]) -> Result<Vec<u8>, SealError> {
        Ok(self.0.seal(Purpose::REPOSITORY_KEYS, did.as_str(), key)?)
    }

    fn open(&self, did: &Did, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        Ok(self.0.unseal(Purpose::REPOSITORY_KEYS, did.as_str(), sealed)?)
    }
}
