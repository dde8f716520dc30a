//! The key itself and the hash that stands for it.

use std::fmt;

use aws_lc_rs::{digest, rand};
use data_encoding::HEXLOWER;

use crate::Error;

/// Every key begins with this, so that one found in a log or a repository is recognised.
pub(crate) const PREFIX: &str = "hv_";

/// 160 bits.
const RANDOM_BYTES: usize = 20;

/// Shown in lists: enough to tell keys apart, no help in guessing one.
const SHOWN_CHARS: usize = 11;

/// A new key, known only to whoever asked for it.
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn generate() -> Result<Self, Error> {
        let mut bytes = [0; RANDOM_BYTES];
        rand::fill(&mut bytes).map_err(|_| Error::Randomness)?;
        Ok(Self(format!("{PREFIX}{}", HEXLOWER.encode(&bytes))))
    }

    pub(crate) fn hash(&self) -> KeyHash {
        KeyHash::of(&self.0)
    }

    pub(crate) fn shown_prefix(&self) -> &str {
        &self.0[..SHOWN_CHARS]
    }

    pub(crate) fn into_key(self) -> String {
        self.0
    }
}

/// SHA-256 of a whole key. A fast hash is right here: a random key of 160 bits cannot be guessed, however quickly.
///
/// Finding a row or a cache entry by it needs no comparison in constant time: what such a comparison might leak is the
/// hash of what the caller sent, from which nobody gets to a key with a chosen hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct KeyHash([u8; 32]);

impl KeyHash {
    pub(crate) fn of(key: &str) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, key.as_bytes()).as_ref());
        Self(hash)
    }

    /// As stored: 64 lowercase hex digits.
    pub(crate) fn to_hex(self) -> String {
        HEXLOWER.encode(&self.0)
    }
}

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyHash")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_prefix_and_160_random_bits_in_hex() {
        let (one, two) = (Secret::generate().unwrap(), Secret::generate().unwrap());
        assert_eq!(one.shown_prefix().len(), 11);
        let (one, two) = (one.into_key(), two.into_key());
        assert_ne!(one, two);
        assert_eq!(HEXLOWER.decode(one.strip_prefix("hv_").unwrap().as_bytes()).unwrap().len(), 20);
    }

    #[test]
    fn the_hash_is_that_of_the_whole_key() {
        // echo -n hv_00 | sha256sum
        let expected = "e296717d0c005f6ba0f0b2399a37929227f5a5f71692162e06ab688fb629e886";
        assert_eq!(KeyHash::of("hv_00").to_hex(), expected);
    }
}
