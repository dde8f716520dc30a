//! Where the master secret comes from.

use std::path::Path;

use data_encoding::BASE64;

use super::{file, master::MasterSecret};
use crate::Error;

/// A shorter text can be guessed.
const MIN_BYTES: usize = 32;

/// What the operator configured. The first of the three that there is seals; the others still open what was sealed
/// under them, so that moving from one to another loses nothing.
#[derive(Clone, Copy, Debug)]
pub struct VaultConfig<'a> {
    /// The folder of `master.key`.
    pub data_dir: &'a Path,
    /// `MASTER_SECRET`: a text of at least 32 bytes.
    pub master_secret: Option<&'a str>,
    /// `TOKEN_ENCRYPTION_KEY`: 32 bytes in base64, as existing deployments have one.
    pub token_encryption_key: Option<&'a str>,
}

impl VaultConfig<'_> {
    /// Whether there is a master secret already. [`Vault::open`](super::Vault::open) makes one otherwise.
    #[must_use]
    pub fn is_secret_there(&self) -> bool {
        self.master_secret.is_some() || self.token_encryption_key.is_some() || file::is_there(self.data_dir)
    }

    pub(super) fn secrets(&self) -> Result<Vec<MasterSecret>, Error> {
        let mut secrets = Vec::new();
        if let Some(text) = self.master_secret {
            secrets.push(master_secret(text)?);
        }
        if let Some(base64) = self.token_encryption_key {
            secrets.push(token_encryption_key(base64)?);
        }
        let file = if secrets.is_empty() {
            Some(file::read_or_create(self.data_dir)?)
        } else {
            file::read(self.data_dir)?
        };
        if let Some(secret) = file {
            secrets.push(MasterSecret::new(&secret)?);
        }
        Ok(secrets)
    }
}

fn master_secret(text: &str) -> Result<MasterSecret, Error> {
    if text.len() < MIN_BYTES {
        return Err(Error::MasterSecret(format!(
            "MASTER_SECRET has {} bytes and needs at least {MIN_BYTES}; `openssl rand -base64 32` makes a good one",
            text.len()
        )));
    }
    MasterSecret::new(text.as_bytes())
}

fn token_encryption_key(base64: &str) -> Result<MasterSecret, Error> {
    match BASE64.decode(base64.trim().as_bytes()) {
        Ok(key) if key.len() == 32 => MasterSecret::new(&key),
        _ => Err(Error::MasterSecret(
            "TOKEN_ENCRYPTION_KEY must be 32 bytes in base64; `openssl rand -base64 32` makes one".to_owned(),
        )),
    }
}
