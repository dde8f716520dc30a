//! Token buckets, kept as one number: the time at which the bucket is full again.
//!
//! Measuring tokens in the microseconds that it takes to refill them turns a bucket into a debt: it starts at nothing, a
//! call adds its cost, time pays it off, and a call whose cost would lift the debt above the capacity is refused (the
//! generic cell rate algorithm, ITU-T I.371). All of it is integer arithmetic below 2^53, so a Lua script computes the
//! same as this file.

use std::time::Duration;

/// The answer of [`Cache::token_bucket`](crate::Cache::token_bucket).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether the tokens were there; if so they have been taken, otherwise nothing has.
    pub allowed: bool,
    /// Whole tokens left.
    pub remaining: u32,
    /// How long until the bucket is full.
    pub reset_after: Duration,
    /// How long until the same call would be allowed; `None` if it was, or if its cost exceeds the capacity.
    pub retry_after: Option<Duration>,
}

/// A bucket's measures and one call's cost, in microseconds of refilling.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Charge {
    token: u64,
    pub(crate) capacity: u64,
    pub(crate) cost: u64,
}

/// What a bucket holds after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Balance {
    pub(crate) allowed: bool,
    /// Microseconds until the bucket is full.
    pub(crate) debt: u64,
}

impl Charge {
    /// The slowest refill: one token a day. Zero, negative and NaN rates mean this one.
    const MAX_TOKEN_MICROS: f64 = 86_400e6;
    /// Sums with a clock in microseconds stay exactly representable in a double, the only number Lua has.
    const MAX_MICROS: u64 = 1 << 52;

    pub(crate) fn new(capacity: u32, refill_per_second: f64, cost: u32) -> Self {
        let micros = (1e6 / refill_per_second.max(0.0)).clamp(1.0, Self::MAX_TOKEN_MICROS);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "within 1 and MAX_TOKEN_MICROS"
        )]
        let token = micros.round() as u64;
        let tokens = |n: u32| token.saturating_mul(u64::from(n)).min(Self::MAX_MICROS);
        Self { token, capacity: tokens(capacity), cost: tokens(cost) }
    }

    /// Spends from a bucket that is full at `full_at`, at the time `now`. `bucket.lua` does the same.
    pub(crate) fn spend(&self, full_at: u64, now: u64) -> Balance {
        let debt = full_at.saturating_sub(now);
        let after = debt + self.cost;
        let spare = if faults::mutant!("cache-bucket-one-more") { self.token } else { 0 };
        if after > self.capacity + spare {
            return Balance { allowed: false, debt };
        }
        Balance { allowed: true, debt: after }
    }

    pub(crate) fn decision(&self, balance: Balance) -> Decision {
        let credit = self.capacity.saturating_sub(balance.debt);
        let retry_after = (!balance.allowed && self.cost <= self.capacity)
            .then(|| Duration::from_micros(self.cost.saturating_sub(credit)));
        Decision {
            allowed: balance.allowed,
            remaining: u32::try_from(credit / self.token).unwrap_or(u32::MAX),
            reset_after: Duration::from_micros(balance.debt),
            retry_after,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_rates_lose_no_token() {
        for rate in [0.3, 3.0, 7.0, 13.7, 999.0] {
            let charge = Charge::new(10, rate, 1);
            let mut full_at = 0;
            for left in (0..10).rev() {
                let balance = charge.spend(full_at, 0);
                assert_eq!(charge.decision(balance).remaining, left, "at {rate} tokens a second");
                full_at = balance.debt;
            }
            assert!(!charge.spend(full_at, 0).allowed);
        }
    }

    #[test]
    fn absurd_measures_neither_panic_nor_divide_by_zero() {
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE, 1e300] {
            let charge = Charge::new(u32::MAX, rate, u32::MAX);
            assert!(
                charge.decision(charge.spend(0, 0)).allowed,
                "a full bucket pays its capacity, rate {rate}"
            );
        }
    }

    #[test]
    fn a_cost_above_the_capacity_is_never_worth_a_retry() {
        let charge = Charge::new(5, 1.0, 6);
        let decision = charge.decision(charge.spend(0, 0));
        assert_eq!((decision.allowed, decision.remaining, decision.retry_after), (false, 5, None));
    }
}
