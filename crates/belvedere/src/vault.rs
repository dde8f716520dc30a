//! The master secret of this configuration.

use accounts::Vault;
use anyhow::Result;
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
