//! A public key on P-256 as JSON.

use std::fmt;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{InvalidJwk, decode, encode, sha256};
use crate::crypto::InvalidSignature;
use crate::data::{self, Limits};

/// Bounds of a key as JSON, with room for certificates that nobody reads.
pub(super) const LIMITS: Limits = Limits { bytes: 8 << 10, depth: 4 };

/// Members that only private or symmetric keys have (RFC 7518, sections 6.2 to 6.4).
const SECRET_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key for `ES256`, known to be a point of its curve.
#[derive(Clone)]
pub struct PublicJwk {
    x: [u8; 32],
    y: [u8; 32],
    kid: Option<String>,
    key: ParsedPublicKey,
}

impl PublicJwk {
    /// Reads `{"kty":"EC","crv":"P-256","x":…,"y":…}`, other members being optional.
    pub fn parse(json: &[u8]) -> Result<Self, InvalidJwk> {
        Self::from_members(&data::parse_as(json, &LIMITS)?)
    }

    pub(crate) fn from_members(members: &Map<String, Value>) -> Result<Self, InvalidJwk> {
        if SECRET_MEMBERS.iter().any(|&member| members.contains_key(member)) {
            return Err(InvalidJwk::Private);
        }
        let text = |member: &str| members.get(member).and_then(Value::as_str);
        if (text("kty"), text("crv")) != (Some("EC"), Some("P-256")) {
            return Err(InvalidJwk::NotP256);
        }
        let is_or_absent = |member: &str, expected: &str| {
            members.get(member).is_none_or(|value| value.as_str() == Some(expected))
        };
        if !is_or_absent("alg", "ES256") || !is_or_absent("use", "sig") {
            return Err(InvalidJwk::WrongUse);
        }
        let key = Self::from_coordinates(coordinate(members, "x")?, coordinate(members, "y")?)?;
        Ok(Self { kid: text("kid").map(ToOwned::to_owned), ..key })
    }

    pub(super) fn from_coordinates(x: [u8; 32], y: [u8; 32]) -> Result<Self, InvalidJwk> {
        let point = [&[4], x.as_slice(), &y].concat();
        let key =
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| InvalidJwk::NotOnCurve)?;
        Ok(Self { x, y, kid: None, key })
    }

    /// The same key under a name by which tokens refer to it.
    #[must_use]
    pub fn with_kid(self, kid: &str) -> Self {
        Self { kid: Some(kid.to_owned()), ..self }
    }

    /// The name by which tokens refer to it.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// What identifies the key whatever else its JSON says (RFC 7638): base64url of a SHA-256, 43 characters.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        sha256(format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, encode(self.x), encode(self.y)))
    }

    /// Checks a signature (r and s, 32 bytes each) as JSON Web Tokens have it: either of the two equivalent ones is
    /// valid.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        self.key.verify_sig(message, signature).map_err(|_| InvalidSignature)
    }

    /// The members that make the key, without its name.
    pub(crate) fn bare(&self) -> Value {
        json!({"kty": "EC", "crv": "P-256", "x": encode(self.x), "y": encode(self.y)})
    }
}

pub(super) fn coordinate(members: &Map<String, Value>, name: &'static str) -> Result<[u8; 32], InvalidJwk> {
    let text = members.get(name).and_then(Value::as_str);
    let bytes = text.and_then(decode).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or(InvalidJwk::Coordinate(name))
}

/// As an entry of a published set: with `kid`, `alg` and `use` if it has a name.
impl Serialize for PublicJwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut jwk = self.bare();
        if let Some(kid) = &self.kid {
            jwk["kid"] = kid.as_str().into();
            jwk["alg"] = "ES256".into();
            jwk["use"] = "sig".into();
        }
        jwk.serialize(serializer)
    }
}

impl PartialEq for PublicJwk {
    fn eq(&self, other: &Self) -> bool {
        (self.x, self.y, &self.kid) == (other.x, other.y, &other.kid)
    }
}

impl Eq for PublicJwk {}

impl fmt::Debug for PublicJwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicJwk({})", self.thumbprint())
    }
}
