//! The token in the cookie.

use aws_lc_rs::rand;
use data_encoding::BASE64URL_NOPAD;

use crate::{Error, secret_hash::SecretHash};

const RANDOM_BYTES: usize = 32;

/// How many characters a token has.
pub(super) const CHARS: usize = 43;

/// A new token, known only to the browser it is sent to.
pub(super) struct Token(String);

impl Token {
    pub(super) fn generate() -> Result<Self, Error> {
        let mut bytes = [0; RANDOM_BYTES];
        rand::fill(&mut bytes).map_err(|_| Error::Randomness)?;
        Ok(Self(BASE64URL_NOPAD.encode(&bytes)))
    }

    pub(super) fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}
