//! One value of a row.

use data_encoding::BASE64;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::Value;

/// A value on its way into a dump.
pub(super) struct Outgoing<'a>(pub(super) Value<'a>);

impl Serialize for Outgoing<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let typed = |to: S, kind: &str, text: String| {
            let mut map = to.serialize_map(Some(1))?;
            map.serialize_entry(kind, &text)?;
            map.end()
        };
        match self.0 {
            Value::Null => to.serialize_unit(),
            Value::Int(value) => to.serialize_i64(value),
            Value::Text(text) => to.serialize_str(text),
            // As text: JSON has no infinity. The shortest digits that are read as the same number.
            Value::Real(value) => typed(to, "real", value.to_string()),
            Value::Blob(bytes) => typed(to, "blob", BASE64.encode(bytes)),
            Value::Ints(_) | Value::Texts(_) => Err(serde::ser::Error::custom("no column holds an array")),
        }
    }
}

/// A value out of a dump.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Incoming")]
pub enum Cell {
    /// `NULL`.
    Null,
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Incoming {
    Null(()),
    Int(i64),
    Text(String),
    Typed(Typed),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Typed {
    Real(String),
    Blob(String),
}

impl TryFrom<Incoming> for Cell {
    type Error = String;

    fn try_from(value: Incoming) -> Result<Self, String> {
        Ok(match value {
            Incoming::Null(()) => Self::Null,
            Incoming::Int(value) => Self::Int(value),
            Incoming::Text(text) => Self::Text(text),
            Incoming::Typed(Typed::Real(digits)) => {
                Self::Real(digits.parse().map_err(|error| format!("real: {error}"))?)
            }
            Incoming::Typed(Typed::Blob(text)) => {
                Self::Blob(BASE64.decode(text.as_bytes()).map_err(|error| format!("blob: {error}"))?)
            }
        })
    }
}

impl Cell {
    /// As a parameter of a statement.
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Int(value) => Value::Int(*value),
            Self::Real(value) => Value::Real(*value),
            Self::Text(text) => Value::Text(text),
            Self::Blob(bytes) => Value::Blob(bytes),
        }
    }

    /// How many bytes it takes, roughly.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Null | Self::Int(_) | Self::Real(_) => 8,
            Self::Text(text) => text.len(),
            Self::Blob(bytes) => bytes.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back() {
        let cells = [
            Cell::Null,
            Cell::Int(i64::MIN),
            Cell::Int(i64::MAX),
            Cell::Real(0.1 + 0.2),
            Cell::Real(-0.0),
            Cell::Real(f64::INFINITY),
            Cell::Real(5e-324),
            Cell::Text(String::new()),
            Cell::Text("{\"real\":\"1\"}\n\u{0}\u{2028}é".into()),
            Cell::Blob(vec![]),
            Cell::Blob((0..=255).collect()),
        ];
        let line = serde_json::to_string(&cells.each_ref().map(|cell| Outgoing(cell.value()))).unwrap();
        assert!(!line.contains('\n'), "a row is one line");
        assert_eq!(serde_json::from_str::<Vec<Cell>>(&line).unwrap(), cells);
        let zero: Vec<Cell> = serde_json::from_str(r#"[{"real":"-0"}]"#).unwrap();
        assert!(matches!(zero[0], Cell::Real(zero) if zero.is_sign_negative()));
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for wrong in [
            "1.5",
            "true",
            "[]",
            r#"{"blob":"!"}"#,
            r#"{"real":"x"}"#,
            r#"{"other":""}"#,
            "9223372036854775808",
        ] {
            assert!(serde_json::from_str::<Cell>(wrong).is_err(), "{wrong}");
        }
    }
}
