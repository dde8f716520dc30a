//! What others verify with.

use std::fmt;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};

use super::{KeyError, KeyType, multikey, pem};

/// What comes before the 32 bytes of an Ed25519 key in a `SubjectPublicKeyInfo` (RFC 8410).
const ED25519_SPKI: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Bytes of a modulus.
const RSA_MODULUS: std::ops::RangeInclusive<usize> = 256..=1_024;

/// A public key, taken apart once and used for any number of signatures.
pub struct PublicKey {
    key_type: KeyType,
    parsed: ParsedPublicKey,
    /// The bytes of the key alone: PKCS#1 for RSA, 32 bytes for Ed25519.
    raw: Vec<u8>,
}

impl PublicKey {
    /// Reads PEM: `PUBLIC KEY` or `RSA PUBLIC KEY`.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let (label, der) = pem::read(text)?;
        match label {
            "PUBLIC KEY" => Self::from_spki(&der),
            "RSA PUBLIC KEY" => Self::from_rsa(&der),
            _ => Err(KeyError::Malformed),
        }
    }

    /// Reads a Multikey's `publicKeyMultibase`.
    pub fn from_multikey(text: &str) -> Result<Self, KeyError> {
        let bytes = multikey::read(text)?;
        if let Some(key) = bytes.strip_prefix(multikey::ED25519) {
            return Self::from_ed25519(key);
        }
        bytes.strip_prefix(multikey::RSA).ok_or(KeyError::Unsupported).and_then(Self::from_rsa)
    }

    fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        match der.strip_prefix(ED25519_SPKI) {
            Some(key) => Self::from_ed25519(key),
            None => Self::from_rsa(der),
        }
    }

    pub(super) fn from_ed25519(key: &[u8]) -> Result<Self, KeyError> {
        let parsed = ParsedPublicKey::new(&ED25519, key).map_err(|_| KeyError::Malformed)?;
        Ok(Self { key_type: KeyType::Ed25519, parsed, raw: key.to_vec() })
    }

    pub(super) fn from_rsa(der: &[u8]) -> Result<Self, KeyError> {
        let key = rsa::PublicKey::from_der(der).map_err(|_| KeyError::Unsupported)?;
        let raw = key.as_ref().to_vec();
        if !modulus_len(&raw).is_some_and(|len| RSA_MODULUS.contains(&len)) {
            return Err(KeyError::Unsupported);
        }
        let parsed = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &raw);
        Ok(Self { key_type: KeyType::Rsa, parsed: parsed.map_err(|_| KeyError::Unsupported)?, raw })
    }

    /// Its kind.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// Whether `signature` is of `message` and this key.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(message, signature).is_ok()
    }

    /// As `PUBLIC KEY` in PEM.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        let der = match self.key_type {
            KeyType::Ed25519 => [ED25519_SPKI, &self.raw].concat(),
            KeyType::Rsa => {
                let key = rsa::PublicKey::from_der(&self.raw).map_err(|_| KeyError::Library)?;
                key.as_der().map_err(|_| KeyError::Library)?.as_ref().to_vec()
            }
        };
        Ok(pem::write("PUBLIC KEY", &der))
    }

    /// As a Multikey.
    #[must_use]
    pub fn to_multikey(&self) -> String {
        match self.key_type {
            KeyType::Ed25519 => multikey::write(multikey::ED25519, &self.raw),
            KeyType::Rsa => multikey::write(multikey::RSA, &self.raw),
        }
    }
}

/// Bytes of the modulus in an `RSAPublicKey` as the library writes it: a sequence of it and the exponent.
fn modulus_len(der: &[u8]) -> Option<usize> {
    let (_, sequence) = element(der, 0x30)?;
    let (length, modulus) = element(sequence, 0x02)?;
    Some(length - usize::from(*modulus.first()? == 0))
}

/// Length and what follows of the header of an element of DER.
fn element(der: &[u8], tag: u8) -> Option<(usize, &[u8])> {
    let (length, rest) = der.strip_prefix(&[tag])?.split_first()?;
    match length {
        short @ 0..=0x7f => Some((usize::from(*short), rest)),
        0x81 => rest.split_first().map(|(length, rest)| (usize::from(*length), rest)),
        0x82 => {
            rest.split_first_chunk().map(|(length, rest)| (usize::from(u16::from_be_bytes(*length)), rest))
        }
        _ => None,
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.key_type == other.key_type && self.raw == other.raw
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey").field("key_type", &self.key_type).finish_non_exhaustive()
    }
}
