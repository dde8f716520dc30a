//! A public key of an account or a service.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use shrike::crypto::{K256VerifyingKey, P256VerifyingKey, Signature, VerifyingKey, parse_did_key};

use crate::excerpt::excerpt;

/// Longest text a key is read from; real ones have less than 100 characters. (Decoding base58 takes time quadratic
/// in its length.)
const MAX_TEXT_BYTES: usize = 128;

/// A key on secp256k1 (k256) or NIST P-256 (p256), known to be a point of its curve.
#[derive(Clone)]
pub struct PublicKey {
    key: Arc<dyn VerifyingKey>,
    /// The same p256 key where tokens are verified, of which a server sees one a request: this takes a fifth of the time.
    /// It knows no curve k256 to speak of, and nothing of the smaller s.
    of_tokens: Option<Arc<ParsedPublicKey>>,
}

/// Text that is not a public key the protocol uses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a public key on k256 or p256")]
pub struct InvalidKey(String);

/// A signature that was not made by this key over these bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature is not valid")]
pub struct InvalidSignature;

impl PublicKey {
    /// Reads `did:key:z…`.
    pub fn parse_did_key(text: &str) -> Result<Self, InvalidKey> {
        let invalid = || InvalidKey(excerpt(text));
        if text.len() > MAX_TEXT_BYTES {
            return Err(invalid());
        }
        let key = parse_did_key(text).map_err(|_| invalid())?;
        Ok(Self::of(key.into()))
    }

    /// Reads a Multikey's `publicKeyMultibase`, `z…`: base58 of the curve's code and the compressed point.
    pub fn parse_multikey(text: &str) -> Result<Self, InvalidKey> {
        Self::parse_did_key(&format!("did:key:{text}")).map_err(|_| InvalidKey(excerpt(text)))
    }

    /// Reads the `publicKeyMultibase` of an `EcdsaSecp256k1VerificationKey2019`: the bare point.
    pub fn parse_legacy_k256(text: &str) -> Result<Self, InvalidKey> {
        let key = decode_point(text).and_then(|point| K256VerifyingKey::from_bytes(&point).ok());
        Ok(Self::of(Arc::new(key.ok_or_else(|| InvalidKey(excerpt(text)))?)))
    }

    /// Reads the `publicKeyMultibase` of an `EcdsaSecp256r1VerificationKey2019`: the bare point.
    pub fn parse_legacy_p256(text: &str) -> Result<Self, InvalidKey> {
        let key = decode_point(text).and_then(|point| P256VerifyingKey::from_bytes(&point).ok());
        Ok(Self::of(Arc::new(key.ok_or_else(|| InvalidKey(excerpt(text)))?)))
    }

    fn of(key: Arc<dyn VerifyingKey>) -> Self {
        let parse = || ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.to_bytes()).ok().map(Arc::new);
        let of_tokens = (key.jwt_alg() == "ES256").then(parse).flatten();
        Self { key, of_tokens }
    }

    /// The key as `did:key:z…`.
    #[must_use]
    pub fn did_key(&self) -> String {
        self.key.did_key()
    }

    /// The key as a Multikey's `publicKeyMultibase`, `z…`.
    #[must_use]
    pub fn multikey(&self) -> String {
        self.key.multibase()
    }

    /// The `alg` of JSON Web Tokens signed with it: `ES256K` for k256, `ES256` for p256.
    #[must_use]
    pub fn jwt_alg(&self) -> &'static str {
        self.key.jwt_alg()
    }

    /// Checks a signature (r and s, 32 bytes each) over `message` as the protocol demands for commits and labels:
    /// of the two signatures that are mathematically equivalent only the one with the smaller s is valid.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        self.key.verify(message, &fixed(signature)?).map_err(|_| InvalidSignature)
    }

    /// Checks a signature as JSON Web Tokens have it: either of the two equivalent ones is valid.
    pub fn verify_jwt(&self, message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        match &self.of_tokens {
            Some(key) => key.verify_sig(message, signature).map_err(|_| InvalidSignature),
            None => self.key.verify_malleable(message, &fixed(signature)?).map_err(|_| InvalidSignature),
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.jwt_alg() == other.jwt_alg() && self.key.to_bytes() == other.key.to_bytes()
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.did_key())
    }
}

fn fixed(signature: &[u8]) -> Result<Signature, InvalidSignature> {
    signature.try_into().map(Signature::from_bytes).map_err(|_| InvalidSignature)
}

/// A bare point, compressed or not, in its compressed form. That it lies on a curve is left to the curve.
fn decode_point(text: &str) -> Option<[u8; 33]> {
    if text.len() > MAX_TEXT_BYTES {
        return None;
    }
    let bytes = bs58::decode(text.strip_prefix('z')?).into_vec().ok()?;
    match *bytes {
        [2 | 3, ..] => bytes.try_into().ok(),
        // x and y, of which the compressed form keeps x and the parity of y.
        [4, ref point @ ..] if point.len() == 64 => {
            let mut compressed = [0; 33];
            compressed[0] = 2 + (point[63] & 1);
            compressed[1..].copy_from_slice(&point[..32]);
            Some(compressed)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::PrivateKey;

    #[test]
    fn tokens_take_the_quick_way_on_p256_only() {
        let (p256, k256) = (PrivateKey::generate_p256(), PrivateKey::generate_k256());
        assert!(p256.public().of_tokens.is_some(), "also of the compressed point");
        assert!(k256.public().of_tokens.is_none());
        for key in [p256, k256] {
            let signature = key.sign(b"message");
            let public = PublicKey::parse_did_key(&key.public().did_key()).unwrap();
            assert_eq!(public.verify_jwt(b"message", &signature), Ok(()));
            assert_eq!(public.verify_jwt(b"massage", &signature), Err(InvalidSignature));
            for wrong in [&signature[..63], &[], &[0; 64]] {
                assert_eq!(public.verify_jwt(b"message", wrong), Err(InvalidSignature));
            }
        }
    }
}
