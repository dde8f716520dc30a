//! A private key on P-256 as JSON.

use std::fmt;

use aws_lc_rs::agreement::{self, ECDH_P256};
use serde_json::{Map, Value};

use super::public_jwk::{LIMITS, coordinate};
use super::{InvalidJwk, PublicJwk, encode};
use crate::crypto::PrivateKey;
use crate::data;

/// A private key for `ES256`, such as one that access tokens are bound to. Never printed.
#[derive(Clone)]
pub struct PrivateJwk {
    secret: PrivateKey,
    public: PublicJwk,
}

impl PrivateJwk {
    /// A new key, from the randomness of the operating system.
    #[must_use]
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a generated key is a valid one")]
    pub fn generate() -> Self {
        Self::from_scalar(&PrivateKey::generate_p256().to_scalar()).expect("a generated key")
    }

    /// The key with this scalar, big-endian.
    pub fn from_scalar(scalar: &[u8; 32]) -> Result<Self, InvalidJwk> {
        let secret = PrivateKey::p256(scalar).map_err(|_| InvalidJwk::NotOnCurve)?;
        let (x, y) = public_point(scalar).ok_or(InvalidJwk::NotOnCurve)?;
        Ok(Self { secret, public: PublicJwk::from_coordinates(x, y)? })
    }

    /// Reads `{"kty":"EC","crv":"P-256","x":…,"y":…,"d":…}`; the public half must be that of `d`.
    pub fn parse(json: &[u8]) -> Result<Self, InvalidJwk> {
        let mut members: Map<String, Value> = data::parse_as(json, &LIMITS)?;
        let scalar = coordinate(&members, "d")?;
        members.remove("d");
        let stated = PublicJwk::from_members(&members)?;
        let key = Self::from_scalar(&scalar)?;
        if key.public.thumbprint() != stated.thumbprint() {
            return Err(InvalidJwk::Mismatch);
        }
        Ok(Self { public: stated, ..key })
    }

    /// The key that verifies what this one signs.
    #[must_use]
    pub fn public(&self) -> &PublicJwk {
        &self.public
    }

    /// The key to sign with.
    #[must_use]
    pub fn secret(&self) -> &PrivateKey {
        &self.secret
    }

    /// The key with its secret, for whoever shall own it or for a sealed place: `kty`, `crv`, `x`, `y`, `d`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut jwk = self.public.bare();
        jwk["d"] = encode(self.secret.to_scalar()).into();
        jwk
    }
}

/// x and y of the public half.
fn public_point(scalar: &[u8; 32]) -> Option<([u8; 32], [u8; 32])> {
    let key = agreement::PrivateKey::from_private_key(&ECDH_P256, scalar).ok()?;
    let point = key.compute_public_key().ok()?;
    let (x, y) = point.as_ref().strip_prefix(&[4])?.split_first_chunk()?;
    Some((*x, y.try_into().ok()?))
}

impl fmt::Debug for PrivateJwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateJwk").field("public", &self.public).finish_non_exhaustive()
    }
}
