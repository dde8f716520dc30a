//! Ids of 64 bits that are in the order of time.
//!
//! A feed is then one walk of a primary key, its cursor is one number, and clients of Mastodon's API get what they expect.

use serde::{Serialize, Serializer};
use store::Value;

/// Bits below the milliseconds; they keep apart what happens in the same one.
const TIE: u32 = 16;

const MICROS_PER_MILLI: i64 = 1000;

/// Of a row. The upper 48 bits are milliseconds since 1970, the lower are random.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub i64);

impl Id {
    /// After everything.
    pub const MAX: Self = Self(i64::MAX);

    /// A new id for what happened then, in microseconds since 1970. Two of the same millisecond are the same once in 65,536 times:
    /// whoever inserts it tries again on a conflict.
    #[must_use]
    pub fn at(micros: i64) -> Self {
        Self(Self::first_at(micros).0 | i64::from(rand::random::<u16>()))
    }

    /// The least id of that moment: everything from then on is not below it.
    #[must_use]
    pub fn first_at(micros: i64) -> Self {
        // The largest time is in the year 6429.
        Self((micros.max(0) / MICROS_PER_MILLI).min(i64::MAX >> TIE) << TIE)
    }
}

/// As Mastodon's API shows it: JavaScript cannot hold the number.
impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Id {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl From<Id> for Value<'_> {
    fn from(id: Id) -> Self {
        store::v(id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_in_the_order_of_time() {
        let (early, late) = (Id::at(1_795_000_000_000_000), Id::at(1_795_000_000_001_000));
        assert!(early < late);
        assert!(Id::first_at(1_795_000_000_001_000) <= late && Id::first_at(1_795_000_000_001_000) > early);
        assert_eq!(late.to_string().parse(), Ok(late));
        assert!(Id::at(i64::MAX) > late && Id::at(i64::MIN) < early, "no time is out of bounds");
    }
}
