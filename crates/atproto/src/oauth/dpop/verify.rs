//! Verifying a proof.

use super::target::normalize;
use super::{DpopError, access_token_hash};
use crate::jose::{InvalidJwk, Jws, PublicJwk, numeric_date};

/// How old a proof may be.
pub const MAX_AGE_SECONDS: i64 = 300;

/// How far the clock of a client may be ahead.
pub const MAX_AHEAD_SECONDS: i64 = 30;

/// How long a proof must be remembered, from when it is first seen, so that it works once only.
pub const REPLAY_WINDOW_SECONDS: i64 = MAX_AGE_SECONDS + MAX_AHEAD_SECONDS;

/// Longest accepted `jti` and `nonce`: caches keep them.
const MAX_TEXT_BYTES: usize = 256;

/// The request a proof must be for.
#[derive(Debug, Clone, Copy)]
pub struct Expect<'a> {
    /// Its method, in any case.
    pub method: &'a str,
    /// The URLs it may be known by outside, without query and fragment; one of them must match.
    pub urls: &'a [&'a str],
    /// The access token it carries, which the proof must then name.
    pub access_token: Option<&'a str>,
    /// Seconds since 1970.
    pub now: i64,
}

/// What a valid proof says. It is spent when (thumbprint, `jti`) was seen before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedProof {
    /// RFC 7638 thumbprint of the key whose possession is proved.
    pub thumbprint: String,
    /// Its unique text, 1 to 256 bytes.
    pub jti: String,
    /// When it was made: seconds since 1970.
    pub iat: i64,
    /// The server's nonce it was made with.
    pub nonce: Option<String>,
}

/// Checks the value of a `DPoP` header (RFC 9449, section 4.3). Replay and nonce are left to the caller.
pub fn verify(proof: &str, expect: &Expect<'_>) -> Result<VerifiedProof, DpopError> {
    let jws = Jws::parse(proof)?;
    let key = check_signature(&jws)?;
    let text = |name| {
        let usable = jws.claim(name).filter(|text| !text.is_empty() && text.len() <= MAX_TEXT_BYTES);
        usable.ok_or(DpopError::Claim(name))
    };
    if !text("htm")?.eq_ignore_ascii_case(expect.method) {
        return Err(DpopError::Method);
    }
    check_url(&jws, expect)?;
    let iat = jws.claims.get("iat").and_then(numeric_date).ok_or(DpopError::Claim("iat"))?;
    if iat < expect.now - MAX_AGE_SECONDS {
        return Err(DpopError::Expired);
    }
    if iat > expect.now + MAX_AHEAD_SECONDS {
        return Err(DpopError::FromTheFuture);
    }
    if let Some(token) = expect.access_token
        && jws.claim("ath") != Some(&access_token_hash(token))
    {
        return Err(DpopError::AccessToken);
    }
    let nonce = if jws.claims.contains_key("nonce") { Some(text("nonce")?.to_owned()) } else { None };
    Ok(VerifiedProof { thumbprint: key.thumbprint(), jti: text("jti")?.to_owned(), iat, nonce })
}

fn check_signature(jws: &Jws<'_>) -> Result<PublicJwk, DpopError> {
    if jws.header("typ") != Some("dpop+jwt") {
        return Err(DpopError::WrongType);
    }
    if jws.header("alg") != Some("ES256") {
        return Err(DpopError::WrongAlgorithm);
    }
    let jwk = jws.header.get("jwk").and_then(|jwk| jwk.as_object()).ok_or(InvalidJwk::NotP256)?;
    let key = PublicJwk::from_members(jwk)?;
    key.verify(jws.signing_input.as_bytes(), &jws.signature).map_err(|_| DpopError::Signature)?;
    Ok(key)
}

fn check_url(jws: &Jws<'_>, expect: &Expect<'_>) -> Result<(), DpopError> {
    let htu = jws.claim("htu").and_then(normalize).ok_or(DpopError::Claim("htu"))?;
    let matches = expect.urls.iter().any(|url| normalize(url).as_deref() == Some(&*htu));
    if matches { Ok(()) } else { Err(DpopError::Url) }
}
