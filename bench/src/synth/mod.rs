//! The synthetic Jetstream: a stream whose event number k is a pure function of a seed, so that the index
//! it must lead to can be computed without any server.

mod cid;
mod content;
mod event;
mod node;
mod plan;
mod random;
mod tid;

pub use cid::Cid;
pub use event::{Account, Body, Collection, Commit, Event, Operation, Record};
pub use tid::Tid;

pub use content::iso_time;

use random::Random;

/// Parameters of a stream; two streams with equal parameters are equal byte for byte.
#[derive(Debug, Clone)]
pub struct Parameters {
    /// Any text; everything else is derived from its SHA-256.
    pub seed: String,
    /// How many accounts take part. Few of them are very active.
    pub accounts: u32,
    /// Events per second of stream time (not of the time it takes to replay them).
    pub rate: u32,
    /// Time of event 0 in microseconds since the epoch.
    pub start_us: i64,
}

impl Default for Parameters {
    /// 10,000 accounts, 1,000 events per second, starting with the year 2025.
    fn default() -> Self {
        Self { seed: "synth".to_owned(), accounts: 10_000, rate: 1_000, start_us: 1_735_689_600_000_000 }
    }
}

/// The stream. `event(k)` costs some microseconds; nothing is kept between calls but the DIDs.
#[derive(Debug)]
pub struct Synth {
    parameters: Parameters,
    random: Random,
    dids: Vec<String>,
}

impl Synth {
    /// A stream with these parameters; derives all DIDs at once.
    #[must_use]
    pub fn new(parameters: Parameters) -> Self {
        let random = Random::new(&parameters.seed);
        let dids = (0..parameters.accounts).map(|a| cid::did(&parameters.seed, a)).collect();
        Self { parameters, random, dids }
    }

    /// The numbers of all accounts.
    pub fn accounts(&self) -> impl Iterator<Item = u32> {
        0..self.parameters.accounts
    }

    /// The DID of account `a`, which must be below [`Parameters::accounts`].
    #[must_use]
    pub fn did(&self, a: u32) -> &str {
        &self.dids[a as usize]
    }

    /// When the stream service saw event `k`: microseconds since the epoch, strictly increasing with `k`
    /// as long as the rate is below one event per microsecond.
    #[must_use]
    pub fn time_us(&self, k: i64) -> i64 {
        self.parameters.start_us + (k * 1_000_000).div_euclid(i64::from(self.parameters.rate))
    }

    /// The account event `k` would belong to, were it a create: the cube of a uniform number, so that a
    /// hundredth of the accounts makes a fifth of the events.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 <= value < accounts")]
    pub fn account(&self, k: i64) -> u32 {
        let u = f64::from(self.random.at(k, 1)) / 4_294_967_296.0;
        (f64::from(self.parameters.accounts) * u * u * u).floor() as u32
    }

    /// A number that belongs to event `k` and to nothing in the stream, for ids of one's own.
    #[must_use]
    pub fn scatter(&self, k: i64) -> u32 {
        self.random.at(k, 1_000)
    }

    /// The record key a create at `k` uses: the client chose it 150 ms before the event was seen.
    #[must_use]
    pub fn rkey(&self, k: i64) -> Tid {
        Tid::new(self.time_us(k) - 150_000, self.random.at(k, 2))
    }

    /// The revision of the commit at `k`: the PDS made it 20 ms before the event was seen.
    #[must_use]
    pub fn rev(&self, k: i64) -> Tid {
        Tid::new(self.time_us(k) - 20_000, self.random.at(k, 3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digest that the definition of the stream gives for its first 30,000 events as JSON lines.
    #[test]
    fn equals_the_reference_implementation() {
        let synth = Synth::new(Parameters::default());
        let mut digest = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
        for k in 0..30_000 {
            digest.update(synth.event(k).json(&synth).as_bytes());
            digest.update(b"\n");
        }
        assert_eq!(
            data_encoding::HEXLOWER.encode(digest.finish().as_ref()),
            "9bf4925e310c87a6db4ee1858e3d452e0ca76b9f49fb7894120f99c09fdca7d8"
        );
    }
}
