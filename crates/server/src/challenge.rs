//! `WWW-Authenticate`: how to prove oneself here (RFC 9110 §11.6.1).

use http::{HeaderMap, HeaderValue, header::WWW_AUTHENTICATE};

use crate::Credential;

/// What was wrong with a token, in the words that clients look for in a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChallengeError {
    /// It is unknown, expired, revoked or not for here (RFC 6750 §3.1, RFC 9449 §7.1).
    InvalidToken,
    /// The DPoP proof must carry the nonce of the `DPoP-Nonce` header (RFC 9449 §9).
    UseDpopNonce,
}

/// Adds a challenge for each scheme among `credentials`, unless the headers have one. One header each: a list of
/// challenges and the list of one challenge's parameters are both separated by commas, and readers get that wrong.
pub(crate) fn add(headers: &mut HeaderMap, credentials: &[Credential], error: Option<ChallengeError>) {
    if headers.contains_key(WWW_AUTHENTICATE) {
        return;
    }
    let accepts = |kind| credentials.contains(&kind);
    // Clients of DPoP look at the beginning of what they may see joined into one.
    if accepts(Credential::Dpop) {
        headers.append(WWW_AUTHENTICATE, HeaderValue::from_static(dpop(error)));
    }
    if accepts(Credential::ApiKey) || accepts(Credential::ServiceJwt) || !accepts(Credential::Dpop) {
        headers.append(WWW_AUTHENTICATE, HeaderValue::from_static(bearer(error)));
    }
}

fn dpop(error: Option<ChallengeError>) -> &'static str {
    match error {
        None => r#"DPoP algs="ES256""#,
        Some(ChallengeError::InvalidToken) => r#"DPoP error="invalid_token", algs="ES256""#,
        Some(ChallengeError::UseDpopNonce) => r#"DPoP error="use_dpop_nonce", algs="ES256""#,
    }
}

fn bearer(error: Option<ChallengeError>) -> &'static str {
    match error {
        Some(ChallengeError::InvalidToken) => r#"Bearer error="invalid_token""#,
        None | Some(ChallengeError::UseDpopNonce) => "Bearer",
    }
}
