//! Timestamp identifiers.

use std::fmt;

use super::SyntaxError;

const KIND: &str = "TID";

/// A timestamp identifier: 53 bits of microseconds since 1970 and 10 bits that tell clocks apart.
///
/// A number here, thirteen characters as text; both order by time. Repository revisions and most record keys are
/// TIDs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tid(shrike::syntax::Tid);

impl Tid {
    /// Microseconds since 1970 must be below this (the year 2255).
    pub const MICROS_END: i64 = 1 << 53;

    const CLOCK_BITS: u32 = 10;

    /// Parses the thirteen characters.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        SyntaxError::check_length(KIND, text, 13)?;
        match shrike::syntax::Tid::try_from(text) {
            // The parser only sees to it that thirteen characters, 65 bits, are not more than 64.
            Ok(tid) if tid.timestamp_micros() < Self::MICROS_END.cast_unsigned() => Ok(Self(tid)),
            Ok(_) => Err(SyntaxError::new(
                KIND,
                text,
                "the top bit must be 0: the first character is one of 2-7ab",
            )),
            Err(error) => Err(SyntaxError::from_parser(KIND, text, &error)),
        }
    }

    /// The TID of a moment, in microseconds since 1970, on a clock (0 to 1023); `None` if either is out of range.
    #[must_use]
    pub fn new(micros: i64, clock: u16) -> Option<Self> {
        let micros = u64::try_from(micros).ok()?;
        shrike::syntax::Tid::new(micros, clock).ok().map(Self)
    }

    /// Back from [`as_i64`](Self::as_i64); `None` for a negative number.
    #[must_use]
    pub fn from_i64(number: i64) -> Option<Self> {
        let clock = u16::try_from(number & ((1 << Self::CLOCK_BITS) - 1)).ok()?;
        Self::new(number >> Self::CLOCK_BITS, clock)
    }

    /// The number, never negative (the top bit of a TID is 0), in the order of time: what databases store.
    #[must_use]
    pub fn as_i64(self) -> i64 {
        self.0.as_u64().cast_signed()
    }

    /// Microseconds since 1970.
    #[must_use]
    pub fn timestamp_micros(self) -> i64 {
        self.0.timestamp_micros().cast_signed()
    }

    /// The clock, 0 to 1023.
    #[must_use]
    pub fn clock(self) -> u16 {
        self.0.clock_id()
    }
}

impl fmt::Display for Tid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Tid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tid({self})")
    }
}

super::text_impls!(Tid, "a TID");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_by_time_as_number_and_as_text() {
        let earlier = Tid::new(1_725_911_162_329_308, 7).unwrap();
        let later = Tid::new(1_725_911_162_329_309, 0).unwrap();
        assert!(earlier < later && earlier.as_i64() < later.as_i64());
        assert!(earlier.to_string() < later.to_string());
        assert_eq!((earlier.timestamp_micros(), earlier.clock()), (1_725_911_162_329_308, 7));
    }

    #[test]
    fn survives_a_database() {
        for text in ["2222222222222", "3l3qo2vutsw2b", "bzzzzzzzzzzzz"] {
            let tid = Tid::parse(text).unwrap();
            assert_eq!(Tid::from_i64(tid.as_i64()), Some(tid));
            assert_eq!(tid.to_string(), text);
        }
        assert_eq!(Tid::from_i64(-1), None);
        assert_eq!(Tid::from_i64(i64::MAX).unwrap().to_string(), "bzzzzzzzzzzzz");
        assert_eq!(Tid::new(Tid::MICROS_END, 0), None);
        assert_eq!(Tid::new(0, 1024), None);
    }

    #[test]
    fn never_becomes_a_negative_number() {
        for text in ["c222222222222", "jzzzzzzzzzzzz"] {
            assert!(Tid::parse(text).unwrap_err().rule().starts_with("the top bit must be 0"));
        }
    }
}
