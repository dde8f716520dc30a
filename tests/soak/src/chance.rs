//! Random choices that can be made again.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// The source of a scenario's random choices.
pub(crate) struct Chance(StdRng);

impl Chance {
    /// The choices of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// From 0 to less than `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end)
    }

    /// Between both, each included.
    pub(crate) fn between(&mut self, from: usize, to: usize) -> usize {
        self.0.random_range(from..=to)
    }

    /// Whether something happens that does so in this share of all cases.
    pub(crate) fn is(&mut self, share: f64) -> bool {
        self.0.random_bool(share)
    }

    /// One of them.
    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// A number of the seed's own.
    pub(crate) fn number(&mut self) -> u64 {
        self.0.random()
    }
}
