//! Whether the master secret is the one that this database's secrets are sealed under.

use data_encoding::BASE64;
use store::{Conn, Database, v};

use super::{Purpose, Vault};
use crate::{Error, clock::now_micros};

/// The row of `instance_settings` that holds the proof.
const KEY: &str = "master_secret_check";

impl Vault {
    /// Proves that this is the vault the database was written with: without that, a lost `master.key`, or a second server
    /// with one of its own, would be noticed only when the first token does not open.
    pub async fn confirm(&self, state: &Database) -> Result<(), Error> {
        let vault = self.clone();
        state.write(move |conn| vault.confirm_in(conn)).await
    }

    fn confirm_in(&self, conn: &mut Conn<'_>) -> Result<(), Error> {
        let find = "SELECT value FROM instance_settings WHERE key = $1";
        let Some(stored) = conn.query_opt(find, &[v(KEY)], |row| row.string(0))? else {
            let proof = BASE64.encode(&self.seal(Purpose::CHECK, KEY, b"belvedere")?);
            conn.execute(
                "INSERT INTO instance_settings (key, value, updated_at) VALUES ($1, $2, $3)",
                &[v(KEY), v(&proof), v(now_micros())],
            )?;
            return Ok(());
        };
        let sealed = BASE64.decode(stored.as_bytes()).unwrap_or_default();
        match self.unseal(Purpose::CHECK, KEY, &sealed) {
            Ok(_) => Ok(()),
            Err(_) => Err(Error::MasterSecret(
                "the secrets in this database were sealed under another master secret; bring back its master.key, or \
                 set MASTER_SECRET or TOKEN_ENCRYPTION_KEY to what it was"
                    .to_owned(),
            )),
        }
    }
}
