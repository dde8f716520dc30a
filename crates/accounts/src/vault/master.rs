//! The master secret and the keys that come of it.

use aws_lc_rs::{
    aead::{AES_256_GCM, RandomizedNonceKey},
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
    hmac,
};

use super::Purpose;
use crate::Error;

/// Sets our keys apart from those that others may derive from the same secret.
const SALT: &[u8] = b"belvedere vault 1";

/// A secret from which all others are derived (HKDF-SHA256, RFC 5869).
pub(super) struct MasterSecret {
    prk: Prk,
    key_id: u8,
}

/// HKDF asks for the length of its output in a type.
struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

impl MasterSecret {
    /// Takes at least 32 bytes that nobody can guess.
    pub(super) fn new(secret: &[u8]) -> Result<Self, Error> {
        let prk = Salt::new(HKDF_SHA256, SALT).extract(secret);
        let [key_id] = expand(&prk, b"key id")?;
        Ok(Self { prk, key_id })
    }

    /// Tells master secrets apart, most of the time: it stands in front of everything sealed.
    pub(super) fn key_id(&self) -> u8 {
        self.key_id
    }

    /// The key of a purpose. Its nonces are random: good for 2³² values.
    pub(super) fn key(&self, purpose: Purpose) -> Result<RandomizedNonceKey, Error> {
        let info = format!("seal {}", purpose.name());
        let bytes: [u8; 32] = expand(&self.prk, info.as_bytes())?;
        RandomizedNonceKey::new(&AES_256_GCM, &bytes).map_err(|_| Error::Sealing)
    }

    /// A key for keyed hashes of a purpose.
    pub(super) fn mac_key(&self, purpose: Purpose) -> Result<hmac::Key, Error> {
        let info = format!("mac {}", purpose.name());
        let bytes: [u8; 32] = expand(&self.prk, info.as_bytes())?;
        Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
    }
}

fn expand<const N: usize>(prk: &Prk, info: &[u8]) -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    prk.expand(&[info], Bytes(N)).and_then(|okm| okm.fill(&mut bytes)).map_err(|_| Error::Sealing)?;
    Ok(bytes)
}
