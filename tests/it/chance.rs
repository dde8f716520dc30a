//! Random choices that can be made again.

use std::sync::Mutex;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// The source of a scenario's random choices.
pub(crate) struct Chance {
    seed: u64,
    random: Mutex<StdRng>,
}

impl Chance {
    /// New choices, or those of an earlier run; says how to repeat them.
    pub(crate) fn new() -> Self {
        let given = std::env::var("E2E_SEED").ok().map(|seed| seed.parse().unwrap());
        let seed = given.unwrap_or_else(|| u64::from(rand::random::<u32>()));
        eprintln!("E2E_SEED={seed} makes the same random choices again");
        Self::of(seed)
    }

    fn of(seed: u64) -> Self {
        Self { seed, random: Mutex::new(StdRng::seed_from_u64(seed)) }
    }

    /// Choices of its own for something that goes on beside the scenario.
    pub(crate) fn fork(&self) -> Self {
        Self::of(self.random.lock().unwrap().random())
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// From 0 to less than `end`.
    pub(crate) fn below(&self, end: usize) -> usize {
        self.random.lock().unwrap().random_range(0..end)
    }

    /// One of them.
    pub(crate) fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// A moment within the next so many milliseconds.
    pub(crate) async fn pause(&self, up_to_ms: usize) {
        tokio::time::sleep(Duration::from_millis(self.below(up_to_ms) as u64)).await;
    }
}
