//! Values as `row_to_json` writes them.

use std::borrow::Cow;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A `timestamptz`: microseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment(pub(super) i64);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let time = OffsetDateTime::parse(&text, &Rfc3339);
        let time = time.map_err(|_| D::Error::custom("a time that is none"))?;
        i64::try_from(time.unix_timestamp_nanos() / 1000).map(Self).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        for text in ["2026-06-04T07:08:09.123+00:00", "2026-06-04T09:08:09.123+02:00"] {
            assert_eq!(
                serde_json::from_value::<Moment>(text.into()).unwrap(),
                Moment(1_780_556_889_123_000),
                "{text}"
            );
        }
        for text in ["", "yesterday", "infinity", "2026-06-04"] {
            assert!(serde_json::from_value::<Moment>(text.into()).is_err(), "{text}");
        }
    }
}
