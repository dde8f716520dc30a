//! Values as `row_to_json` writes them.

use std::borrow::Cow;

use data_encoding::HEXLOWER_PERMISSIVE;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A timestamp without a zone, which is UTC: microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moment(pub(super) i64);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let has_zone = text.ends_with('Z') || text.get(19..).is_some_and(|rest| rest.contains(['+', '-']));
        let zoned = if has_zone { text } else { Cow::Owned(format!("{text}Z")) };
        let time = OffsetDateTime::parse(&zoned.replacen(' ', "T", 1), &Rfc3339);
        let time = time.map_err(|_| D::Error::custom("a time that is none"))?;
        let micros = time.unix_timestamp_nanos() / 1000;
        i64::try_from(micros).map(Self).map_err(D::Error::custom)
    }
}

/// Bytes: `\x` and hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let digits =
            text.strip_prefix("\\x").ok_or_else(|| D::Error::custom("bytes that do not begin with \\x"))?;
        HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).map(Self).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_bytes() {
        for text in ["2026-06-04T07:08:09.123", "2026-06-04 07:08:09.123Z", "2026-06-04T09:08:09.123+02:00"] {
            let moment: Moment = serde_json::from_value(text.into()).unwrap();
            assert_eq!(moment, Moment(1_780_556_889_123_000), "{text}");
        }
        for text in ["", "yesterday", "infinity", "2026-06-04"] {
            assert!(serde_json::from_value::<Moment>(text.into()).is_err(), "{text}");
        }
        assert_eq!(serde_json::from_value::<Bytes>("\\x00Ff".into()).unwrap(), Bytes(vec![0, 255]));
        for text in ["", "00", "\\x0", "\\xzz"] {
            assert!(serde_json::from_value::<Bytes>(text.into()).is_err(), "{text}");
        }
    }
}
