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

    /// Whether this is the vault the database was written with, without writing anything; yes for a database that no
    /// vault has confirmed yet.
    pub async fn fits(&self, state: &Database) -> Result<bool, Error> {
        let vault = self.clone();
        state.read(move |conn| Ok(stored(conn)?.is_none_or(|proof| vault.accepts(&proof)))).await
    }

    /// Whether a vault has confirmed the database: then it is worth nothing without the master secret of that vault.
    pub async fn is_needed_by(state: &Database) -> Result<bool, Error> {
        state.read(|conn| Ok(stored(conn)?.is_some())).await
    }

    fn confirm_in(&self, conn: &mut Conn<'_>) -> Result<(), Error> {
        let Some(proof) = stored(conn)? else {
            let proof = BASE64.encode(&self.seal(Purpose::CHECK, KEY, b"belvedere")?);
            conn.execute(
                "INSERT INTO instance_settings (key, value, updated_at) VALUES ($1, $2, $3)",
                &[v(KEY), v(&proof), v(now_micros())],
            )?;
            return Ok(());
        };
        if self.accepts(&proof) {
            return Ok(());
        }
        Err(Error::MasterSecret(
            "the secrets in this database were sealed under another master secret; bring back its master.key, or \
             set MASTER_SECRET or TOKEN_ENCRYPTION_KEY to what it was"
                .to_owned(),
        ))
    }

    fn accepts(&self, proof: &str) -> bool {
        let sealed = BASE64.decode(proof.as_bytes()).unwrap_or_default();
        self.unseal(Purpose::CHECK, KEY, &sealed).is_ok()
    }
}

/// The proof that the first vault left.
fn stored(conn: &mut Conn<'_>) -> Result<Option<String>, store::Error> {
    let find = "SELECT value FROM instance_settings WHERE key = $1";
    conn.query_opt(find, &[v(KEY)], |row| row.string(0))
}
