//! What a backup of the durable tier does not hold: the master secret that its secrets are sealed under.

use anyhow::Result;
use store::Database;

use accounts::Vault;

use crate::config::{Settings, table};

/// The name of the file that is made when no secret is configured.
const FILE: &str = "master.key";

/// Where the master secret is, in words.
pub(super) fn place(settings: &Settings) -> String {
    if settings.master_secret.is_some() {
        format!("the value of {}", table::MASTER_SECRET.variable())
    } else if settings.token_encryption_key.is_some() {
        format!("the value of {}", table::TOKEN_ENCRYPTION_KEY.variable())
    } else {
        settings.data_dir.join(FILE).display().to_string()
    }
}

/// What is left to do about it before a server starts on `state`, if anything.
pub(super) async fn advice(settings: &Settings, state: &Database) -> Result<Option<String>> {
    let vault = settings.vault();
    let (there, dir) = (vault.is_secret_there(), settings.data_dir.display());
    if !Vault::is_needed_by(state).await? || (there && Vault::open(&vault)?.fits(state).await?) {
        return Ok(None);
    }
    let problem = if there { "another one is here" } else { "it is not here" };
    Ok(Some(format!(
        "the secrets in the backup are sealed under the master secret of the server it was made of, and {problem}: copy \
         that server's {FILE} into {dir}, or set MASTER_SECRET or TOKEN_ENCRYPTION_KEY to what it was"
    )))
}
