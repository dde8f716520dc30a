//! Secrets at rest: sealed under keys derived from one master secret.
//!
//! Whoever reads the database or a backup of it learns no token and no private key; that takes the master secret, which is
//! elsewhere. A sealed value says which master secret it was sealed under, and opens only for the purpose and the
//! row it was sealed for, so values cannot be moved about in the database either.

mod check;
mod config;
mod file;
mod master;
mod purpose;
mod sealed;

use std::sync::Arc;

use aws_lc_rs::hmac;

pub use config::VaultConfig;
pub use purpose::Purpose;

use self::master::MasterSecret;
use crate::Error;

/// Seals and opens secrets. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    /// The first seals; all of them open. Never empty.
    secrets: Arc<[MasterSecret]>,
}

impl Vault {
    /// The vault of a configuration. Makes `master.key` in the data folder, for its owner's eyes only, if no
    /// master secret is configured and the file is not there.
    ///
    /// Several servers on one database must have the same master secret; see [`confirm`](Self::confirm).
    pub fn open(config: &VaultConfig<'_>) -> Result<Self, Error> {
        Ok(Self { secrets: config.secrets()?.into() })
    }

    /// Seals a secret of the row `row_id`. Sealing it again gives other bytes.
    pub fn seal(&self, purpose: Purpose, row_id: &str, secret: &[u8]) -> Result<Vec<u8>, Error> {
        let current = self.secrets.first().ok_or(Error::Sealing)?;
        sealed::seal(current, purpose, row_id, secret)
    }

    /// Opens what was sealed for this purpose and row.
    pub fn unseal(&self, purpose: Purpose, row_id: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let key_id = sealed.first();
        let mut candidates = self.secrets.iter().filter(|secret| Some(&secret.key_id()) == key_id);
        candidates
            .find_map(|secret| sealed::open(secret, purpose, row_id, sealed))
            .ok_or_else(|| Error::Sealed { purpose: purpose.name(), row_id: row_id.to_owned() })
    }

    /// Keys for keyed hashes of a purpose, on all instances the same: the first signs, all of them verify. There is always a first.
    pub fn mac_keys(&self, purpose: Purpose) -> Result<Vec<hmac::Key>, Error> {
        self.secrets.iter().map(|secret| secret.mac_key(purpose)).collect()
    }

    /// [`unseal`](Self::unseal) for secrets that are text.
    pub fn unseal_text(&self, purpose: Purpose, row_id: &str, sealed: &[u8]) -> Result<String, Error> {
        String::from_utf8(self.unseal(purpose, row_id, sealed)?)
            .map_err(|_| Error::Sealed { purpose: purpose.name(), row_id: row_id.to_owned() })
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}
