//! The keys of accounts.

use std::fmt;

use rand::RngExt;
use shrike::crypto::{K256SigningKey, P256SigningKey, SigningKey};

use super::chance::chance;

/// A key that signs commits: secp256k1 for two accounts in three, P-256 for the third.
pub(super) struct Key(Box<dyn SigningKey>);

impl Key {
    /// The key of an account; it has another one in each generation, of the same curve.
    pub(super) fn derive(seed: u64, account: usize, generation: u32) -> Self {
        let secret: [u8; 32] =
            chance(seed, &format!("key of account {account}"), u64::from(generation)).random();
        // Both curves refuse one number in 2¹²⁸ at most.
        if account % 3 == 2 {
            Self(Box::new(P256SigningKey::from_bytes(&secret).expect("a secret key")))
        } else {
            Self(Box::new(K256SigningKey::from_bytes(&secret).expect("a secret key")))
        }
    }

    pub(super) fn signing(&self) -> &dyn SigningKey {
        &*self.0
    }

    /// As DID documents have it in `publicKeyMultibase`.
    pub(super) fn multibase(&self) -> String {
        self.0.public_key().multibase()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.multibase())
    }
}
