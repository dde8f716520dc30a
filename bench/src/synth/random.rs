//! Random numbers that are a function of a position and a salt, not of what was drawn before.

use aws_lc_rs::digest::{SHA256, digest};

/// Numbers `R(k, salt)`, uniform over all of `u32`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Random {
    seed: u32,
}

impl Random {
    /// The seed is the first four bytes, little-endian, of the text's SHA-256.
    pub(super) fn new(seed: &str) -> Self {
        let hash = digest(&SHA256, seed.as_bytes());
        let h = hash.as_ref();
        Self { seed: u32::from_le_bytes([h[0], h[1], h[2], h[3]]) }
    }

    /// `R(k, salt)`. Positions before the stream are negative and wrap as in two's complement.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "defined modulo 2^32")]
    pub(super) fn at(self, k: i64, salt: u32) -> u32 {
        mix(mix((k as u32).wrapping_add(0x9e37_79b9_u32.wrapping_mul(salt))) ^ self.seed)
    }

    /// `R(k, salt)` modulo the length of `choices`, as an element of it.
    pub(super) fn pick<T: Copy>(self, k: i64, salt: u32, choices: &[T]) -> T {
        choices[self.at(k, salt) as usize % choices.len()]
    }
}

/// A bijection of `u32` in which every input bit reaches every output bit.
fn mix(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(0x85eb_ca6b);
    x ^= x >> 13;
    x = x.wrapping_mul(0xc2b2_ae35);
    x ^ (x >> 16)
}
