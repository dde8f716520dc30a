//! The key itself.

use aws_lc_rs::rand;
use data_encoding::HEXLOWER;

use crate::{Error, secret_hash::SecretHash};

/// Every key begins with this, so that one found in a log or a repository is recognised.
pub(crate) const PREFIX: &str = "hv_";

/// 128 bits. Keys of earlier versions are longer and go on working: what is compared is the hash of the whole.
const RANDOM_BYTES: usize = 16;

/// Shown in lists: enough to tell keys apart, no help in guessing one.
pub(super) const SHOWN_CHARS: usize = 11;

/// A new key, known only to whoever asked for it.
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn generate() -> Result<Self, Error> {
        let mut bytes = [0; RANDOM_BYTES];
        rand::fill(&mut bytes).map_err(|_| Error::Randomness)?;
        Ok(Self(format!("{PREFIX}{}", HEXLOWER.encode(&bytes))))
    }

    pub(crate) fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }

    pub(crate) fn shown_prefix(&self) -> &str {
        &self.0[..SHOWN_CHARS]
    }

    pub(crate) fn into_key(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_prefix_and_128_random_bits_in_hex() {
        let (one, two) = (Secret::generate().unwrap(), Secret::generate().unwrap());
        assert_eq!(one.shown_prefix().len(), 11);
        let (one, two) = (one.into_key(), two.into_key());
        assert_ne!(one, two);
        assert_eq!(HEXLOWER.decode(one.strip_prefix("hv_").unwrap().as_bytes()).unwrap().len(), 16);
    }
}
