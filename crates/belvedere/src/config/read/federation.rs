//! What the microblog's way of speaking with other servers is told, each with bounds that make sense.

use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use activitypub::signature::Form;

use super::{Read, is_not};

fn within<T: FromStr + PartialOrd>(text: &str, range: &RangeInclusive<T>, what: &str) -> Read<T> {
    text.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| is_not(text, what))
}

/// What has been dealt with is remembered for 40 days: a signature must not be good for longer.
pub(in crate::config) fn signature_window(text: &str) -> Read<Duration> {
    within(text, &(60..=86_400), "a number of seconds from 60 to 86400").map(Duration::from_secs)
}

pub(in crate::config) fn signature_form(text: &str) -> Read<Form> {
    match text {
        "draft" => Ok(Form::Draft),
        "rfc9421" => Ok(Form::Message),
        _ => Err(is_not(text, "draft or rfc9421")),
    }
}

/// An actor with its key and a note with its tags must fit.
pub(in crate::config) fn inbox_bytes(text: &str) -> Read<usize> {
    within(text, &(16_384..=1_048_576), "a number of bytes from 16384 to 1048576")
}

pub(in crate::config) fn fetch_bytes(text: &str) -> Read<usize> {
    within(text, &(65_536..=8_388_608), "a number of bytes from 65536 to 8388608")
}

/// Any number if it is none.
pub(in crate::config) fn per_minute(text: &str) -> Read<u32> {
    within(text, &(0..=1_000_000), "a number from 0 to 1000000")
}

pub(in crate::config) fn backfill(text: &str) -> Read<u32> {
    within(text, &(0..=5), "a number from 0 to 5")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds() {
        assert_eq!(signature_window("60"), Ok(Duration::from_mins(1)));
        assert!(signature_window("59").is_err() && signature_window("86401").is_err());
        assert_eq!(
            (signature_form("draft"), signature_form("rfc9421")),
            (Ok(Form::Draft), Ok(Form::Message))
        );
        assert!(signature_form("cavage").unwrap_err().contains("draft or rfc9421"));
        assert_eq!((inbox_bytes("262144"), fetch_bytes("1048576")), (Ok(262_144), Ok(1_048_576)));
        assert!(inbox_bytes("1").is_err() && inbox_bytes("1048577").is_err() && fetch_bytes("0").is_err());
        assert_eq!((per_minute("0"), backfill("5")), (Ok(0), Ok(5)));
        assert!(per_minute("-1").is_err() && backfill("6").is_err() && backfill("").is_err());
    }
}
