//! How long an answer asks us to wait.

use std::time::Duration;

use http::HeaderMap;
use http::header::RETRY_AFTER;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// Larger values of `RateLimit-Reset` are points in time (seconds since 1970), smaller ones are spans.
///
/// The IETF draft says span, PDSes send points in time; 10^9 seconds is the year 2001 as one
/// and 31 years as the other.
const EPOCH_THRESHOLD: i64 = 1_000_000_000;

/// The longer of `Retry-After` (RFC 9110 §10.2.3: seconds or a date) and `RateLimit-Reset`, if either is usable.
pub(crate) fn requested(headers: &HeaderMap, now: OffsetDateTime) -> Option<Duration> {
    let retry_after = text(headers, RETRY_AFTER.as_str()).and_then(|value| retry_after(value, now));
    let reset = text(headers, "ratelimit-reset").and_then(|value| rate_limit_reset(value, now));
    retry_after.max(reset)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn retry_after(value: &str, now: OffsetDateTime) -> Option<Duration> {
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    // An HTTP date is the RFC 2822 format with the zone spelt `GMT`.
    let at = OffsetDateTime::parse(value, &Rfc2822).ok()?;
    Some((at - now).try_into().unwrap_or(Duration::ZERO))
}

fn rate_limit_reset(value: &str, now: OffsetDateTime) -> Option<Duration> {
    let seconds: i64 = value.parse().ok()?;
    let span = if seconds > EPOCH_THRESHOLD { seconds - now.unix_timestamp() } else { seconds };
    Some(Duration::from_secs(u64::try_from(span).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &str)]) -> Option<u64> {
        let now = OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap();
        let headers = pairs
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        requested(&headers, now).map(|pause| pause.as_secs())
    }

    #[test]
    fn seconds_dates_and_points_in_time() {
        assert_eq!(asked(&[("retry-after", "7")]), Some(7));
        assert_eq!(asked(&[("retry-after", "Tue, 14 Nov 2023 22:13:50 GMT")]), Some(30));
        assert_eq!(asked(&[("ratelimit-reset", "9")]), Some(9));
        assert_eq!(asked(&[("ratelimit-reset", "1700000042")]), Some(42));
    }

    #[test]
    fn the_longer_one_counts() {
        assert_eq!(asked(&[("retry-after", "7"), ("ratelimit-reset", "9")]), Some(9));
        assert_eq!(asked(&[("retry-after", "70"), ("ratelimit-reset", "9")]), Some(70));
    }

    #[test]
    fn the_past_and_nonsense_ask_for_nothing() {
        assert_eq!(asked(&[("retry-after", "Tue, 14 Nov 2023 22:13:00 GMT")]), Some(0));
        assert_eq!(asked(&[("ratelimit-reset", "1600000000")]), Some(0));
        assert_eq!(asked(&[("ratelimit-reset", "-5")]), Some(0));
        assert_eq!(asked(&[("retry-after", "soon"), ("ratelimit-reset", "1e9")]), None);
        assert_eq!(asked(&[]), None);
    }
}
