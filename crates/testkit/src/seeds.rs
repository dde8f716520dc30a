//! Random choices of a scenario that can be made again.

use std::env;
use std::thread;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// How many seeds there are if nobody says how many.
const FEW: u64 = 3;

/// Runs a scenario for each seed: the one in `SOAK_SEED`, or as many as `SOAK_SEEDS` says, or three, always the same.
pub async fn for_each_seed<T: Future<Output = ()>>(scenario: impl Fn(u64) -> T) {
    for seed in seeds() {
        let _note = Note(seed);
        scenario(seed).await;
    }
}

fn seeds() -> Vec<u64> {
    let number = |name: &str| {
        let text = env::var(name).ok()?;
        Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
    };
    match number("SOAK_SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("SOAK_SEEDS").unwrap_or(FEW)).collect(),
    }
}

/// Says how to repeat what has failed.
struct Note(u64);

impl Drop for Note {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("SOAK_SEED={} makes the same random choices again", self.0);
        }
    }
}

/// The source of a scenario's choices.
#[derive(Debug)]
pub struct Chance(StdRng);

impl Chance {
    /// The choices of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// From 0 to less than `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end)
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// True one time in so many.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Choices of its own for something that goes on beside the scenario.
    #[must_use]
    pub fn fork(&mut self) -> Self {
        Self::of(self.0.random())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_choices_again() {
        let choices = |seed| {
            let mut chance = Chance::of(seed);
            let mut other = chance.fork();
            (0..20).map(|_| (chance.below(1000), other.below(1000))).collect::<Vec<_>>()
        };
        assert_eq!(choices(7), choices(7));
        assert_ne!(choices(7), choices(8));
    }
}
