//! Values that are compared, and their form as bytes whose order is that of the values.

use std::cmp::Ordering;

use serde_json::{Number, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::SORTED_CHARS;
use crate::arguments::storable;

/// Bytes of a text that are in an index by which it is looked up; of a longer one the rest is there as a hash.
pub(crate) const EXACT_BYTES: usize = 100;

/// After the bytes of a text: nothing else of a text sorts before it.
pub(super) const END: u8 = 0x00;

/// In the place of [`END`], before the hash of the rest: no byte of a text.
const HASHED: u8 = 0xFF;

/// A value that can be compared with another of its kind. Two of different kinds are never equal.
#[derive(Clone, Debug)]
pub enum Scalar {
    /// `false` before `true`.
    Bool(bool),
    /// By its value.
    Number(Number),
    /// By its bytes. Without U+0000.
    Text(String),
    /// Microseconds since 1970.
    Instant(i64),
}

/// The first byte of a value's form: which kind comes before which.
mod class {
    pub(super) const NOTHING: u8 = 0;
    pub(super) const BOOL: u8 = 1;
    pub(super) const NUMBER: u8 = 2;
    pub(super) const TEXT: u8 = 3;
    pub(super) const INSTANT: u8 = 4;
}

impl Scalar {
    /// A text in the form in which it could be in a record that is stored.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(storable(text))
    }

    /// The instant that a text of RFC 3339 names, to the microsecond.
    #[must_use]
    pub fn instant(text: &str) -> Option<Self> {
        let nanos = OffsetDateTime::parse(text, &Rfc3339).ok()?.unix_timestamp_nanos();
        i64::try_from(nanos.div_euclid(1000)).ok().map(Self::Instant)
    }

    /// `None` for `null`, arrays and objects.
    pub(crate) fn of(json: &Value) -> Option<Self> {
        match json {
            Value::Bool(value) => Some(Self::Bool(*value)),
            Value::Number(number) => Some(Self::Number(number.clone())),
            Value::String(text) => Some(Self::text(text)),
            _ => None,
        }
    }

    fn class(&self) -> u8 {
        match self {
            Self::Bool(_) => class::BOOL,
            Self::Number(_) => class::NUMBER,
            Self::Text(_) => class::TEXT,
            Self::Instant(_) => class::INSTANT,
        }
    }

    /// Which of two of a kind comes first; `None` between kinds.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(one), Self::Bool(other)) => Some(one.cmp(other)),
            (Self::Number(one), Self::Number(other)) => Some(number(one).cmp(&number(other))),
            (Self::Text(one), Self::Text(other)) => Some(one.cmp(other)),
            (Self::Instant(one), Self::Instant(other)) => Some(one.cmp(other)),
            _ => None,
        }
    }

    /// Appends the form by which the value is looked up. Whatever follows it, no two forms begin alike.
    pub(crate) fn push_exact(&self, key: &mut Vec<u8>) {
        match self {
            Self::Text(text) if text.len() > EXACT_BYTES => {
                let (beginning, rest) = text.as_bytes().split_at(EXACT_BYTES);
                key.push(class::TEXT);
                key.extend_from_slice(beginning);
                key.push(HASHED);
                key.extend_from_slice(&hash(rest).to_be_bytes());
            }
            Self::Text(text) => push_text(key, text),
            other => other.push_order(key),
        }
    }

    /// Appends the form in which the value is ordered, of a text only what decides.
    pub(crate) fn push_order(&self, key: &mut Vec<u8>) {
        match self {
            Self::Bool(value) => key.extend_from_slice(&[class::BOOL, u8::from(*value)]),
            Self::Number(value) => {
                key.push(class::NUMBER);
                key.extend_from_slice(&number(value));
            }
            Self::Text(text) => push_text(key, beginning(text)),
            Self::Instant(micros) => {
                key.push(class::INSTANT);
                key.extend_from_slice(&integer(*micros));
            }
        }
    }

    /// Whether the form in which it is ordered does not say all of it.
    pub(crate) fn is_cut(&self) -> bool {
        matches!(self, Self::Text(text) if beginning(text).len() < text.len())
    }

    /// Where the values of its kind begin and, exclusively, end.
    pub(crate) fn bounds(&self) -> (u8, u8) {
        (self.class(), self.class() + 1)
    }
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.compare(other) == Some(Ordering::Equal)
    }
}

/// The form of the order of a record that has no value to be ordered by: before all others.
pub(crate) fn push_nothing(key: &mut Vec<u8>) {
    key.push(class::NOTHING);
}

/// An integer as bytes in its order.
pub(crate) fn integer(value: i64) -> [u8; 8] {
    (value.cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

/// A name of bounded length, and its end.
pub(crate) fn push_name(key: &mut Vec<u8>, name: &str, longest: usize, end: u8) {
    let bytes = name.as_bytes();
    if bytes.len() <= longest {
        key.extend_from_slice(bytes);
        key.push(end);
    } else {
        let (beginning, rest) = bytes.split_at(longest);
        key.extend_from_slice(beginning);
        key.push(HASHED);
        key.extend_from_slice(&hash(rest).to_be_bytes());
    }
}

fn push_text(key: &mut Vec<u8>, text: &str) {
    key.push(class::TEXT);
    key.extend_from_slice(text.as_bytes());
    key.push(END);
}

fn beginning(text: &str) -> &str {
    text.char_indices().nth(SORTED_CHARS).map_or(text, |(end, _)| &text[..end])
}

/// A number as bytes in its order: the nearest float, and how far an integer is from it, which at most 64 bits of it can be.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the distance is at most 1024, half of what two floats are apart there"
)]
#[expect(clippy::cast_precision_loss, reason = "what is lost is the distance")]
fn number(number: &Number) -> [u8; 10] {
    let (float, distance) = match (number.as_i64(), number.as_u64()) {
        (Some(integer), _) => (integer as f64, i128::from(integer) - integer as f64 as i128),
        (None, Some(integer)) => (integer as f64, i128::from(integer) - integer as f64 as i128),
        // Without arbitrary precision every number has one.
        (None, None) => (number.as_f64().unwrap_or_default(), 0),
    };
    // There is one zero.
    let bits = (float + 0.0).to_bits();
    let bits = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&bits.to_be_bytes());
    bytes[8..].copy_from_slice(&((distance as i16).cast_unsigned() ^ (1 << 15)).to_be_bytes());
    bytes
}

/// FNV-1a. Whoever makes two texts with the same hash makes a query look at one record more.
fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn order(scalar: &Scalar) -> Vec<u8> {
        let mut key = Vec::new();
        scalar.push_order(&mut key);
        key
    }

    fn exact(scalar: &Scalar) -> Vec<u8> {
        let mut key = Vec::new();
        scalar.push_exact(&mut key);
        key
    }

    fn scalar() -> impl Strategy<Value = Scalar> {
        prop_oneof![
            any::<bool>().prop_map(Scalar::Bool),
            any::<i64>().prop_map(|number| Scalar::Number(number.into())),
            (-5_i64..5).prop_map(|number| Scalar::Number(number.into())),
            (-5_i64..5).prop_map(|number| Scalar::Number(((1_i64 << 60) + number).into())),
            any::<u64>().prop_map(|number| Scalar::Number(number.into())),
            (-100_i32..100)
                .prop_map(|number| Scalar::Number(Number::from_f64(f64::from(number) / 8.0).unwrap())),
            any::<f64>().prop_filter_map("finite", |float| Number::from_f64(float).map(Scalar::Number)),
            any::<String>().prop_map(|text| Scalar::text(&text)),
            "[ab]{0,3}".prop_map(|text| Scalar::text(&text)),
            any::<i64>().prop_map(Scalar::Instant),
        ]
    }

    proptest! {
        #[test]
        fn bytes_have_the_order_of_values(one in scalar(), other in scalar()) {
            match one.compare(&other) {
                Some(expected) => prop_assert_eq!(order(&one).cmp(&order(&other)), expected),
                None => prop_assert_eq!(order(&one)[0].cmp(&order(&other)[0]), one.class().cmp(&other.class())),
            }
        }

        #[test]
        fn no_exact_form_begins_another(one in scalar(), other in scalar()) {
            prop_assert_eq!(exact(&one).starts_with(&exact(&other)), one == other);
        }
    }

    #[test]
    fn long_texts_are_told_apart_and_cut_in_an_order() {
        let long = |end: &str| Scalar::text(&["é".repeat(300).as_str(), end].concat());
        assert_ne!(exact(&long("a")), exact(&long("b")));
        assert_eq!(order(&long("a")), order(&long("b")));
        assert!(long("a").is_cut() && !Scalar::text("a").is_cut());
        assert!(exact(&long("a")).len() < 120 && order(&long("a")).len() < 1200);
    }

    #[test]
    fn instants_do_not_care_how_they_are_written() {
        let same = ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z", "2024-02-28T23:00:00-01:00"];
        assert!(same.iter().all(|text| Scalar::instant(text) == Scalar::instant(same[0])));
        for text in ["", "now", "2024-02-30T00:00:00Z", "2024-02-29", "2024-02-29T00:00:00", "1"] {
            assert_eq!(Scalar::instant(text), None, "{text}");
        }
        assert_eq!(Scalar::of(&json!("2024-02-29T00:00:00Z")), Some(Scalar::text("2024-02-29T00:00:00Z")));
    }
}
