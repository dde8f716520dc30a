//! The place of a record in an order by something else than time.

use std::cmp::Ordering;

use serde_json::Number;
use store::{Row, Value};

use crate::Error;

/// Characters of a string that decide about its place in an order; strings that differ only after them count as equal.
pub const SORTED_CHARS: usize = 256;

/// What a record is ordered by, as values of one type each, so that both engines and a cursor can compare it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Key {
    /// Which kind of value comes before which: the order of types.
    pub(crate) class: i64,
    /// The value, if the class has numbers; otherwise 0.
    pub(crate) number: Number,
    /// The beginning of the value, if the class has strings; otherwise empty.
    pub(crate) text: String,
    /// The author's DID and a slash, so that it compares as it does in the AT URI.
    pub(crate) author: String,
    pub(crate) rkey: String,
}

/// Classes of [`Key`] for values inside a record.
pub(crate) mod class {
    /// Missing, `null`, an array or an object.
    pub(crate) const WITHOUT_ORDER: i64 = 0;
    pub(crate) const BOOLEAN: i64 = 1;
    pub(crate) const NUMBER: i64 = 2;
    pub(crate) const TEXT: i64 = 3;
}

impl Key {
    /// Reads the columns `class, number, text, author, rkey`.
    pub(crate) fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        let number = match row.value(1)? {
            Value::Int(number) => Some(Number::from(number)),
            Value::Real(number) => Number::from_f64(number),
            Value::Text(number) => number.parse().ok(),
            _ => None,
        };
        let message = || "is no JSON number".to_owned();
        Ok(Self {
            class: row.int(0)?,
            number: number.ok_or_else(|| store::Error::Column { column: 1, message: message() })?,
            text: row.string(2)?,
            author: row.string(3)?,
            rkey: row.string(4)?,
        })
    }

    /// Which comes first in ascending order.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        self.class
            .cmp(&other.class)
            .then_with(|| compare(&self.number, &other.number))
            .then_with(|| self.text.cmp(&other.text))
            .then_with(|| self.author.cmp(&other.author))
            .then_with(|| self.rkey.cmp(&other.rkey))
    }
}

fn compare(one: &Number, other: &Number) -> Ordering {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => one.as_f64().partial_cmp(&other.as_f64()).unwrap_or(Ordering::Equal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(class: i64, number: &str, text: &str, rkey: &str) -> Key {
        let author = "did:web:a/".to_owned();
        Key { class, number: number.parse().unwrap(), text: text.into(), author, rkey: rkey.into() }
    }

    #[test]
    fn type_then_value_then_name_decide() {
        let ascending = [
            key(0, "0", "", "b"),
            key(1, "0", "", "a"),
            key(2, "-1e300", "", "a"),
            key(2, "-1", "", "a"),
            key(2, "0.5", "", "a"),
            key(2, "9223372036854775806", "", "a"),
            key(2, "9223372036854775807", "", "a"),
            key(3, "0", "Z", "a"),
            key(3, "0", "a", "a"),
            key(3, "0", "a", "b"),
        ];
        for pair in ascending.windows(2) {
            assert_eq!(pair[0].order(&pair[1]), Ordering::Less, "{pair:?}");
            assert_eq!(pair[1].order(&pair[0]), Ordering::Greater, "{pair:?}");
        }
        assert_eq!(key(2, "1", "", "a").order(&key(2, "1.0", "", "a")), Ordering::Equal);
    }
}
