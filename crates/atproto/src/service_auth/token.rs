//! Verifying a service token.

use super::ServiceAuthError;
use crate::crypto::PublicKey;
use crate::excerpt::excerpt;
use crate::jose::{self, Jws, numeric_date};
use crate::{Did, Nsid};

/// How far ahead the end of a token may be.
pub const MAX_LIFETIME_SECONDS: i64 = 3600;

/// How far the clock of an issuer may be ahead.
pub const MAX_AHEAD_SECONDS: i64 = 60;

/// Types of tokens that are signed for other purposes, in lower case.
const OTHER_TYPES: [&str; 3] = ["at+jwt", "refresh+jwt", "dpop+jwt"];

/// Longest accepted `jti`: caches keep it.
const MAX_JTI_BYTES: usize = 256;

/// A service token as it claims to be: nothing of it is true before [`check`](Self::check) and
/// [`verify`](Self::verify) have passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceToken {
    /// The account or service that signed it.
    pub issuer: Did,
    /// The fragment of the key it is signed with, `atproto` unless stated.
    pub key_fragment: String,
    /// The service it is for.
    pub audience: Did,
    /// The entry of the service's DID document it is for, if stated.
    pub audience_fragment: Option<String>,
    /// The method it is for, if it is for one.
    pub lxm: Option<Nsid>,
    /// In whose name the issuer speaks, if it says so and the service lets it: whatever is written there.
    pub subject: Option<String>,
    /// Until when it is valid, exclusive: seconds since 1970.
    pub exp: i64,
    iat: Option<i64>,
    jti: Option<String>,
    alg: &'static str,
    signing_input: String,
    signature: [u8; 64],
}

/// The request a token must be for.
#[derive(Debug, Clone, Copy)]
pub struct Expect<'a> {
    /// Who we are.
    pub audience: &'a Did,
    /// The method that is called; `None` on a route that is none: a token that is bound to a method is refused there.
    pub lxm: Option<&'a Nsid>,
    /// Seconds since 1970.
    pub now: i64,
}

impl ServiceToken {
    /// Reads the token after `Bearer`.
    pub fn parse(token: &str) -> Result<Self, ServiceAuthError> {
        let jws = Jws::parse(token)?;
        let alg = algorithm(&jws)?;
        let (issuer, key_fragment) =
            jws.claim("iss").and_then(did_with_fragment).ok_or(ServiceAuthError::Issuer)?;
        let (audience, audience_fragment) =
            jws.claim("aud").and_then(did_with_fragment).ok_or(ServiceAuthError::Audience)?;
        let lxm = match jws.claims.get("lxm") {
            None => None,
            Some(lxm) => {
                let lxm = lxm.as_str().and_then(|lxm| Nsid::parse(lxm).ok());
                Some(lxm.ok_or(ServiceAuthError::Method)?)
            }
        };
        Ok(Self {
            issuer,
            key_fragment: key_fragment.unwrap_or_else(|| "atproto".to_owned()),
            audience,
            audience_fragment,
            lxm,
            subject: jws.claim("sub").map(str::to_owned),
            exp: date(&jws, "exp")?.ok_or(ServiceAuthError::Claim("exp"))?,
            iat: date(&jws, "iat")?,
            jti: jti(&jws)?,
            alg,
            signing_input: jws.signing_input.to_owned(),
            signature: jws.signature,
        })
    }

    /// Checks that the token is for this service, this method and this moment. Which entries of the DID document it may
    /// name, and whether it must name one, is for the service to say.
    pub fn check(&self, expect: &Expect<'_>) -> Result<(), ServiceAuthError> {
        if self.audience != *expect.audience {
            return Err(ServiceAuthError::Audience);
        }
        if self.lxm.as_ref() != expect.lxm {
            return Err(ServiceAuthError::Method);
        }
        if self.exp <= expect.now {
            return Err(ServiceAuthError::Expired);
        }
        if self.exp > expect.now + MAX_LIFETIME_SECONDS {
            return Err(ServiceAuthError::TooLongLived);
        }
        if self.iat.is_some_and(|iat| iat > expect.now + MAX_AHEAD_SECONDS) {
            return Err(ServiceAuthError::FromTheFuture);
        }
        Ok(())
    }

    /// Checks the signature with the issuer's key. If it fails, the key may have been replaced since it was cached.
    pub fn verify(&self, key: &PublicKey) -> Result<(), ServiceAuthError> {
        if key.jwt_alg() != self.alg {
            return Err(ServiceAuthError::WrongCurve);
        }
        key.verify_jwt(self.signing_input.as_bytes(), &self.signature)
            .map_err(|_| ServiceAuthError::Signature)
    }

    /// What to remember until [`exp`](Self::exp) so that the token works once only, 43 characters. It is made of issuer
    /// and `jti`, or of all that was signed if there is no `jti`; never of the signature, which has two valid forms.
    #[must_use]
    pub fn replay_key(&self) -> String {
        match &self.jti {
            Some(jti) => jose::sha256(format!("{} {jti}", self.issuer)),
            None => jose::sha256(&self.signing_input),
        }
    }
}

fn algorithm(jws: &Jws<'_>) -> Result<&'static str, ServiceAuthError> {
    if let Some(typ) = jws.header.get("typ") {
        let typ = typ.as_str().ok_or_else(|| ServiceAuthError::WrongType(excerpt(&typ.to_string())))?;
        // A type may be written as the media type it abbreviates, in any case (RFC 7515, section 4.1.9).
        let short = typ.to_ascii_lowercase();
        if OTHER_TYPES.contains(&short.strip_prefix("application/").unwrap_or(&short)) {
            return Err(ServiceAuthError::WrongType(excerpt(typ)));
        }
    }
    match jws.header("alg") {
        Some("ES256") => Ok("ES256"),
        Some("ES256K") => Ok("ES256K"),
        _ => Err(ServiceAuthError::WrongAlgorithm),
    }
}

/// A DID and what follows its `#`, if anything does.
fn did_with_fragment(text: &str) -> Option<(Did, Option<String>)> {
    let (did, fragment) = match text.split_once('#') {
        Some((did, fragment)) => (did, Some(fragment)),
        None => (text, None),
    };
    let is_fragment = |fragment: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte);
        (1..=128).contains(&fragment.len()) && fragment.bytes().all(allowed)
    };
    if !fragment.is_none_or(is_fragment) {
        return None;
    }
    Some((Did::parse(did).ok()?, fragment.map(ToOwned::to_owned)))
}

fn date(jws: &Jws<'_>, name: &'static str) -> Result<Option<i64>, ServiceAuthError> {
    match jws.claims.get(name) {
        None => Ok(None),
        Some(claim) => numeric_date(claim).map(Some).ok_or(ServiceAuthError::Claim(name)),
    }
}

fn jti(jws: &Jws<'_>) -> Result<Option<String>, ServiceAuthError> {
    match jws.claims.get("jti") {
        None => Ok(None),
        Some(jti) => match jti.as_str() {
            Some(jti) if (1..=MAX_JTI_BYTES).contains(&jti.len()) => Ok(Some(jti.to_owned())),
            _ => Err(ServiceAuthError::Claim("jti")),
        },
    }
}
