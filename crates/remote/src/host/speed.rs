//! How fast a host has been of late.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The share of a new sample in a moving average: the last five or so decide.
const WEIGHT: f64 = 0.3;

/// Smaller pages and batches are far from full: they say nothing about full ones.
const FULL_BYTES: usize = 8 << 10;

/// Smaller repositories say nothing about throughput.
const BULK_BYTES: usize = 64 << 10;

/// How fast a host is. The default is what a PDS on another continent does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Speed {
    /// Seconds from asking for something small to its answer.
    pub(crate) round_trip: f64,
    /// Seconds for a full page of a listing.
    pub(crate) page: f64,
    /// Seconds for a batch of blocks.
    pub(crate) batch: f64,
    /// Bytes a second of a whole repository, once they flow.
    pub(crate) throughput: f64,
}

/// What a single exchange is a sample of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sample {
    /// Something small.
    RoundTrip,
    /// A page.
    Page,
    /// A batch of blocks.
    Batch,
    /// A whole repository.
    Export,
}

/// Moving averages, updated by every exchange.
#[derive(Default)]
pub(crate) struct Speeds(Mutex<Speed>);

impl Default for Speed {
    fn default() -> Self {
        Self { round_trip: 0.1, page: 0.2, batch: 0.2, throughput: 2e6 }
    }
}

impl Speeds {
    pub(crate) fn now(&self) -> Speed {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an exchange into account that took `elapsed` for an answer of `bytes`.
    pub(crate) fn add(&self, sample: Sample, bytes: usize, elapsed: Duration) {
        let mut speed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = elapsed.as_secs_f64();
        match sample {
            Sample::RoundTrip => blend(&mut speed.round_trip, seconds),
            Sample::Page if bytes >= FULL_BYTES => blend(&mut speed.page, seconds),
            Sample::Batch if bytes >= FULL_BYTES => blend(&mut speed.batch, seconds),
            Sample::Export if bytes >= BULK_BYTES => {
                let flowing = (seconds - speed.round_trip).max(seconds / 10.0).max(1e-6);
                #[expect(clippy::cast_precision_loss, reason = "an estimate")]
                blend(&mut speed.throughput, bytes as f64 / flowing);
            }
            Sample::Page | Sample::Batch | Sample::Export => {}
        }
    }
}

fn blend(average: &mut f64, sample: f64) {
    *average += WEIGHT * (sample - *average);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_follow_what_the_host_does() {
        let speeds = Speeds::default();
        for _ in 0..20 {
            speeds.add(Sample::RoundTrip, 100, Duration::from_millis(500));
            speeds.add(Sample::Export, 1 << 20, Duration::from_millis(1500));
        }
        let speed = speeds.now();
        assert!((speed.round_trip - 0.5).abs() < 0.01, "{speed:?}");
        assert!((speed.throughput / 1_048_576.0 - 1.0).abs() < 0.02, "{speed:?}");
        assert!((speed.page - Speed::default().page).abs() < 1e-9, "nothing was learnt about pages");
    }

    #[test]
    fn small_answers_say_nothing_about_large_ones() {
        let speeds = Speeds::default();
        for sample in [Sample::Page, Sample::Batch, Sample::Export] {
            speeds.add(sample, 1000, Duration::from_secs(9));
        }
        assert_eq!(speeds.now(), Speed::default());
    }
}
