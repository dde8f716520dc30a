//! What an actor signs with.

use std::fmt;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256};

use super::{KeyError, KeyType, PublicKey, pem};

/// Bytes of the modulus of keys that sign.
const RSA_MODULUS: std::ops::RangeInclusive<usize> = 256..=1_024;

/// A private key. It never shows itself, except as [`PrivateKey::to_pem`].
pub struct PrivateKey(Pair);

enum Pair {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl PrivateKey {
    /// A new one. RSA has 2,048 bits and takes tens of milliseconds, so not where others wait.
    pub fn generate(key_type: KeyType) -> Result<Self, KeyError> {
        let pair = match key_type {
            KeyType::Rsa => RsaKeyPair::generate(KeySize::Rsa2048).map(Pair::Rsa),
            KeyType::Ed25519 => Ed25519KeyPair::generate().map(Pair::Ed25519),
        };
        pair.map(Self).map_err(|_| KeyError::Library)
    }

    /// Reads PEM: `PRIVATE KEY` (PKCS#8) or `RSA PRIVATE KEY` (PKCS#1).
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let (label, der) = pem::read(text)?;
        let pair = match label {
            "RSA PRIVATE KEY" => RsaKeyPair::from_der(&der).map(Pair::Rsa),
            "PRIVATE KEY" => RsaKeyPair::from_pkcs8(&der)
                .map(Pair::Rsa)
                .or_else(|_| Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map(Pair::Ed25519)),
            _ => return Err(KeyError::Malformed),
        };
        match pair.map_err(|_| KeyError::Unsupported)? {
            Pair::Rsa(pair) if !RSA_MODULUS.contains(&pair.public_modulus_len()) => {
                Err(KeyError::Unsupported)
            }
            pair => Ok(Self(pair)),
        }
    }

    /// As `PRIVATE KEY` in PEM, to be kept.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        let der = match &self.0 {
            Pair::Rsa(pair) => pair.as_der().map_err(|_| KeyError::Library)?.as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.to_pkcs8v1().map_err(|_| KeyError::Library)?.as_ref().to_vec(),
        };
        Ok(pem::write("PRIVATE KEY", &der))
    }

    /// Its kind.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        match &self.0 {
            Pair::Rsa(_) => KeyType::Rsa,
            Pair::Ed25519(_) => KeyType::Ed25519,
        }
    }

    /// What others verify with.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        match &self.0 {
            Pair::Rsa(pair) => PublicKey::from_rsa(pair.public_key().as_ref()),
            Pair::Ed25519(pair) => PublicKey::from_ed25519(pair.public_key().as_ref()),
        }
    }

    /// The signature of `message`.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match &self.0 {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let signed = pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
                signed.map(|()| signature).map_err(|_| KeyError::Library)
            }
            Pair::Ed25519(pair) => pair
                .try_sign(message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| KeyError::Library),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PrivateKey").field(&self.key_type()).finish()
    }
}
