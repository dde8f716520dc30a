//! Everything random follows from the seed.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use shrike::cbor::{Cid, Codec};

/// Random numbers that depend on nothing but the seed and what they are for.
pub(super) fn chance(seed: u64, purpose: &str, number: u64) -> StdRng {
    let text = format!("{seed}/{purpose}/{number}");
    StdRng::from_seed(*Cid::compute(Codec::Raw, text.as_bytes()).hash())
}

/// One of several.
pub(super) fn one_of<'a, T>(chance: &mut StdRng, choices: &'a [T]) -> &'a T {
    &choices[chance.random_range(0..choices.len())]
}
