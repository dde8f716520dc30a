//! What imported secrets are sealed under.

use accounts::{Vault, VaultConfig};
use anyhow::Result;
use store::Database;

use crate::config::Settings;

/// The vault of the server, and where there is a choice one that does not depend on the old server's key: that may be here
/// for this import only, and what is sealed under it would be lost when it is not here any more.
pub(super) async fn open(settings: &Settings, state: &Database) -> Result<Vault> {
    let own = VaultConfig { token_encryption_key: None, ..settings.vault() };
    let is_free = !Vault::is_needed_by(state).await?;
    let vault = if is_free || (own.is_secret_there() && Vault::open(&own)?.fits(state).await?) {
        Vault::open(&own)?
    } else {
        crate::vault::open(settings, state).await?
    };
    vault.confirm(state).await?;
    Ok(vault)
}
