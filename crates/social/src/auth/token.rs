//! JSON Web Tokens: what whoever signed in with a password shows (spec/social.md §3.1).
//!
//! One algorithm, chosen here and not by the token. A token names the state of the credentials that it was made of, so that it ends when
//! the password changes.

use accounts::{Purpose, Vault};
use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Error;

/// `{"alg":"HS256","typ":"JWT"}`. A token that begins otherwise is none of ours, whatever it claims to be.
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// Seconds that a token is good for.
const LIFE: i64 = 86_400;

/// Longer texts are no tokens.
const MAX_BYTES: usize = 1024;

/// What tokens are signed with, on all instances the same. Cheap to clone.
#[derive(Clone)]
pub struct TokenKeys(std::sync::Arc<[hmac::Key]>);

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The user.
    pub(crate) sub: Uuid,
    /// Seconds since 1970, as `exp`.
    iat: i64,
    exp: i64,
    /// When the credentials were last changed, in microseconds.
    #[serde(rename = "gen")]
    pub(crate) changed_at: i64,
}

impl TokenKeys {
    /// Derived from the master secret; those of former ones still verify.
    pub fn new(vault: &Vault) -> Result<Self, Error> {
        Ok(Self(vault.mac_keys(Purpose::SOCIAL_TOKENS)?.into()))
    }

    /// A token of this user, good for a day from `now`, in microseconds.
    pub(crate) fn mint(&self, sub: Uuid, changed_at: i64, now: i64) -> Result<String, Error> {
        let iat = now.div_euclid(1_000_000);
        let claims = serde_json::to_vec(&Claims { sub, iat, exp: iat + LIFE, changed_at })?;
        let mut token = format!("{HEADER}.{}", BASE64URL_NOPAD.encode(&claims));
        let key = self.0.first().ok_or(Error::Ended)?;
        let signature = hmac::sign(key, token.as_bytes());
        token.push('.');
        BASE64URL_NOPAD.encode_append(signature.as_ref(), &mut token);
        Ok(token)
    }

    /// What a token says, if it is one of ours and has not ended at `now`, in microseconds.
    pub(crate) fn read(&self, token: &str, now: i64) -> Option<Claims> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let claims = signed.strip_prefix(HEADER)?.strip_prefix('.')?;
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?;
        let is_ours = |key| hmac::verify(key, signed.as_bytes(), &signature).is_ok();
        if !self.0.iter().any(is_ours) {
            return None;
        }
        let claims: Claims = serde_json::from_slice(&BASE64URL_NOPAD.decode(claims.as_bytes()).ok()?).ok()?;
        (claims.exp > now.div_euclid(1_000_000) || faults::mutant!("social-token-without-end"))
            .then_some(claims)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys() -> TokenKeys {
        TokenKeys([hmac::Key::new(hmac::HMAC_SHA256, b"an example of a key of thirty-two bytes")].into())
    }

    #[test]
    fn tokens_are_ours_and_end() {
        let (keys, user, now) = (keys(), Uuid::new_v4(), 1_795_000_000_000_000);
        let token = keys.mint(user, 7, now).unwrap();
        let claims = keys.read(&token, now).unwrap();
        assert_eq!((claims.sub, claims.changed_at), (user, 7));
        assert!(keys.read(&token, now + (LIFE - 1) * 1_000_000).is_some());
        assert!(keys.read(&token, now + LIFE * 1_000_000).is_none(), "it has ended");
        let other =
            TokenKeys([hmac::Key::new(hmac::HMAC_SHA256, b"another example of a key of 32 bytes")].into());
        assert!(other.read(&token, now).is_none());
        let (_, rest) = token.split_once('.').unwrap();
        for header in [r#"{"alg":"none","typ":"JWT"}"#, r#"{"alg":"HS512","typ":"JWT"}"#] {
            let forged = format!("{}.{rest}", BASE64URL_NOPAD.encode(header.as_bytes()));
            assert!(keys.read(&forged, now).is_none(), "{header}");
        }
        let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
        assert!(keys.read(&unsigned, now).is_none());
        assert_eq!(BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#), HEADER);
    }

    proptest! {
        #[test]
        fn no_change_is_believed(at: prop::sample::Index, byte: u8) {
            let token = keys().mint(Uuid::nil(), 0, 0).unwrap();
            let mut changed = token.clone().into_bytes();
            let at = at.index(changed.len());
            changed[at] = byte;
            if let Ok(changed) = String::from_utf8(changed) && changed != token {
                prop_assert!(keys().read(&changed, 0).is_none());
            }
        }

        #[test]
        fn no_text_is_too_strange(text in ".{0,200}") {
            prop_assert!(keys().read(&text, 0).is_none());
            let token = format!("{HEADER}.{text}");
            prop_assert!(keys().read(&token, 0).is_none());
        }
    }
}
