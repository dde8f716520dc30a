//! What one core of this machine signs and verifies, with the keys that the fediverse has.

use std::hint::black_box;
use std::time::{Duration, Instant};

use activitypub::signature::PrivateKey;
use anyhow::ensure;

/// For each of the two.
const DURATION: Duration = Duration::from_secs(1);

/// About as much as a request's signature covers.
const MESSAGE: [u8; 256] = [b'x'; 256];

/// Per second.
pub(super) struct Limits {
    pub(super) signed: f64,
    pub(super) verified: f64,
}

pub(super) fn of_one_core(key: &PrivateKey) -> anyhow::Result<Limits> {
    let (public, signature) = (key.public_key()?, key.sign(&MESSAGE)?);
    ensure!(public.verify(&MESSAGE, &signature), "a signature does not verify");
    Ok(Limits {
        signed: rate(|| _ = black_box(key.sign(black_box(&MESSAGE)))),
        verified: rate(|| _ = black_box(public.verify(black_box(&MESSAGE), &signature))),
    })
}

fn rate(once: impl Fn()) -> f64 {
    let start = Instant::now();
    let mut times = 0_u32;
    while start.elapsed() < DURATION {
        once();
        times += 1;
    }
    f64::from(times) / start.elapsed().as_secs_f64()
}
