//! Where a caller stands with a limit, as the caller is told.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cache::Decision;
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use server::Problem;

use crate::clients::RateLimit;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// A bucket after a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Standing {
    capacity: u32,
    remaining: u32,
    /// Until the bucket is full.
    full_in: Duration,
    /// The call was refused; it would not be after this.
    refused_for: Option<Duration>,
}

impl Standing {
    pub(super) fn new(limit: RateLimit, cost: u32, decision: &Decision) -> Self {
        // A call that costs more than the bucket holds is never allowed; its caller hears what the formula of the
        // specification says.
        let missing = || f64::from(cost.saturating_sub(decision.remaining)) / limit.refill_rate;
        let wait = || decision.retry_after.unwrap_or_else(|| seconds(missing()));
        Self {
            capacity: limit.capacity,
            remaining: decision.remaining,
            full_in: decision.reset_after,
            refused_for: (!decision.allowed).then(wait),
        }
    }

    pub(super) fn is_refusal(&self) -> bool {
        self.refused_for.is_some()
    }

    /// The one of two that is felt first.
    pub(super) fn tighter(self, other: Self) -> Self {
        if other.is_refusal() || other.remaining <= self.remaining { other } else { self }
    }

    /// `RateLimit-…`, with the moment of the reset in seconds since the epoch, and for a refusal `Retry-After`.
    pub(super) fn headers(&self) -> HeaderMap {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(LIMIT, self.capacity.into());
        headers.insert(REMAINING, self.remaining.into());
        headers.insert(RESET, whole_seconds(now + self.full_in));
        if let Some(wait) = self.refused_for {
            headers.insert(RETRY_AFTER, whole_seconds(wait));
        }
        headers
    }

    /// 429, without the headers.
    pub(super) fn problem() -> Problem {
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests").named("RateLimited")
    }
}

/// Rounded up: whoever comes back then is not too early.
fn whole_seconds(duration: Duration) -> HeaderValue {
    (duration.as_secs() + u64::from(duration.subsec_nanos() > 0)).into()
}

/// Rates are above zero but may be tiny.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::from_secs(u64::from(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: RateLimit = RateLimit { capacity: 10, refill_rate: 0.5 };

    fn allowed(remaining: u32) -> Decision {
        Decision { allowed: true, remaining, reset_after: Duration::from_millis(1), retry_after: None }
    }

    fn header(standing: Standing, name: &HeaderName) -> Option<u64> {
        standing.headers().get(name).map(|value| value.to_str().unwrap().parse().unwrap())
    }

    #[test]
    fn headers_are_whole_numbers_rounded_up() {
        let standing = Standing::new(RATE, 1, &allowed(9));
        assert!(!standing.is_refusal());
        assert_eq!((header(standing, &LIMIT), header(standing, &REMAINING)), (Some(10), Some(9)));
        assert_eq!(header(standing, &RETRY_AFTER), None);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        assert!((now..=now + 2).contains(&header(standing, &RESET).unwrap()));
        let refused =
            Decision { allowed: false, retry_after: Some(Duration::from_millis(1001)), ..allowed(0) };
        assert_eq!(header(Standing::new(RATE, 1, &refused), &RETRY_AFTER), Some(2));
    }

    #[test]
    fn what_is_never_allowed_has_a_time_all_the_same() {
        let refused = Decision { allowed: false, ..allowed(4) };
        assert_eq!(header(Standing::new(RATE, 11, &refused), &RETRY_AFTER), Some(14));
        let slow = RateLimit { refill_rate: f64::MIN_POSITIVE, ..RATE };
        assert_eq!(header(Standing::new(slow, 11, &refused), &RETRY_AFTER), Some(4_294_967_295));
    }

    #[test]
    fn the_tighter_of_two_is_told() {
        let standing = |remaining| Standing::new(RATE, 1, &allowed(remaining));
        assert_eq!(standing(3).tighter(standing(5)), standing(3));
        assert_eq!(standing(5).tighter(standing(3)), standing(3));
        let refusal = Standing::new(RATE, 1, &Decision { allowed: false, ..allowed(9) });
        assert_eq!(standing(3).tighter(refusal), refusal);
    }
}
