//! A private key of an account or a service.

use std::fmt;
use std::sync::Arc;

use shrike::crypto::{K256SigningKey, P256SigningKey, SigningKey};

use super::PublicKey;

/// A key to sign with, on secp256k1 (k256) or NIST P-256 (p256). It is wiped from memory with its last clone and never
/// printed.
#[derive(Clone)]
pub struct PrivateKey {
    secret: Secret,
    public: PublicKey,
}

#[derive(Clone)]
enum Secret {
    K256(Arc<K256SigningKey>),
    P256(Arc<P256SigningKey>),
}

/// A number that is no private key of its curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the private key is zero or not below the order of its curve")]
pub struct InvalidScalar;

impl PrivateKey {
    /// A new key on p256, from the randomness of the operating system.
    #[must_use]
    pub fn generate_p256() -> Self {
        Self::new(Secret::P256(Arc::new(P256SigningKey::generate())))
    }

    /// A new key on k256, from the randomness of the operating system.
    #[must_use]
    pub fn generate_k256() -> Self {
        Self::new(Secret::K256(Arc::new(K256SigningKey::generate())))
    }

    /// The key on p256 with this scalar, big-endian: 1 to the order of the curve, exclusive.
    pub fn p256(scalar: &[u8; 32]) -> Result<Self, InvalidScalar> {
        let key = P256SigningKey::from_bytes(scalar).map_err(|_| InvalidScalar)?;
        Ok(Self::new(Secret::P256(Arc::new(key))))
    }

    /// The key on k256 with this scalar, big-endian: 1 to the order of the curve, exclusive.
    pub fn k256(scalar: &[u8; 32]) -> Result<Self, InvalidScalar> {
        let key = K256SigningKey::from_bytes(scalar).map_err(|_| InvalidScalar)?;
        Ok(Self::new(Secret::K256(Arc::new(key))))
    }

    #[expect(clippy::expect_used, reason = "a key of a curve prints as a key of that curve")]
    fn new(secret: Secret) -> Self {
        let did_key = secret.signing_key().public_key().did_key();
        let public = PublicKey::parse_did_key(&did_key).expect("the public half of a valid key");
        Self { secret, public }
    }

    /// The key that verifies what this one signs.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The scalar, big-endian: the secret itself, to be sealed before it is kept.
    #[must_use]
    pub fn to_scalar(&self) -> [u8; 32] {
        match &self.secret {
            Secret::K256(key) => key.to_bytes(),
            Secret::P256(key) => key.to_bytes(),
        }
    }

    /// Signs the SHA-256 of `message`: r and s, 32 bytes each, s the smaller of the two possible ones. The same
    /// message always gets the same signature (RFC 6979).
    #[must_use]
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "fails only if a hash is zero modulo the order of the curve"
    )]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        *self.secret.signing_key().sign(message).expect("an ECDSA signature").as_bytes()
    }
}

impl Secret {
    fn signing_key(&self) -> &dyn SigningKey {
        match self {
            Self::K256(key) => &**key,
            Self::P256(key) => &**key,
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("public", &self.public).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_being_stored_and_signs_the_same() {
        for key in [PrivateKey::generate_p256(), PrivateKey::generate_k256()] {
            let restore = if key.public().jwt_alg() == "ES256" { PrivateKey::p256 } else { PrivateKey::k256 };
            let again = restore(&key.to_scalar()).unwrap();
            assert_eq!(again.public(), key.public());
            let signature = key.sign(b"message");
            assert_eq!(again.sign(b"message"), signature);
            assert_eq!(key.public().verify(b"message", &signature), Ok(()));
            assert!(key.public().verify(b"other", &signature).is_err());
        }
    }

    #[test]
    fn refuses_scalars_outside_the_group() {
        for scalar in [[0; 32], [0xff; 32]] {
            assert!(PrivateKey::p256(&scalar).is_err());
            assert!(PrivateKey::k256(&scalar).is_err());
        }
    }

    #[test]
    fn is_not_printed() {
        let key = PrivateKey::p256(&[7; 32]).unwrap();
        let debug = format!("{key:?}");
        assert_eq!(debug, format!("PrivateKey {{ public: {:?}, .. }}", key.public()));
    }
}
