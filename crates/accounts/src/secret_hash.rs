//! The hash that stands for a secret of ours.

use std::fmt;

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;

/// SHA-256 of a whole key or token. A fast hash is right here: a random secret of 160 bits or more cannot be guessed,
/// however quickly.
///
/// Finding a row or a cache entry by it needs no comparison in constant time: what such a comparison might leak is the
/// hash of what the caller sent, from which nobody gets to a secret with a chosen hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SecretHash([u8; 32]);

impl SecretHash {
    pub(crate) fn of(secret: &str) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, secret.as_bytes()).as_ref());
        Self(hash)
    }

    /// As stored: 64 lowercase hex digits.
    pub(crate) fn to_hex(self) -> String {
        HEXLOWER.encode(&self.0)
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_whole_secret() {
        // echo -n hv_00 | sha256sum
        let expected = "e296717d0c005f6ba0f0b2399a37929227f5a5f71692162e06ab688fb629e886";
        assert_eq!(SecretHash::of("hv_00").to_hex(), expected);
    }
}
