//! A field of a record, and how its value is read.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::scalar::Scalar;
use crate::Path;
use crate::path::Step;

/// Members of an array that count; what comes after them is not looked at, with an index or without.
pub const MAX_MEMBERS: usize = 64;

/// A field of records that queries compare or order by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Field {
    /// Where it is.
    #[serde(with = "as_text")]
    pub path: Path,
    /// How it is read.
    pub reading: Reading,
}

/// What a value is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reading {
    /// What it is in JSON: a boolean, a number or a string.
    Value,
    /// The instant that a string of RFC 3339 names, whatever its offset and precision. Another value is none.
    Instant,
    /// Any of the first [`MAX_MEMBERS`] members of an array.
    Member,
}

impl Field {
    /// A field that is what it is in JSON.
    #[must_use]
    pub fn value(path: Path) -> Self {
        Self { path, reading: Reading::Value }
    }

    /// The value of a field that has one; `None` if it is missing or something that is not compared.
    pub(crate) fn one(&self, record: &Value) -> Option<Scalar> {
        let value = at(record, &self.path)?;
        match self.reading {
            Reading::Value => Scalar::of(value),
            Reading::Instant => value.as_str().and_then(Scalar::instant),
            Reading::Member => None,
        }
    }

    /// The values of a field, each once.
    pub(crate) fn all(&self, record: &Value) -> Vec<Scalar> {
        if self.reading != Reading::Member {
            return self.one(record).into_iter().collect();
        }
        let members = at(record, &self.path).and_then(Value::as_array);
        let mut values: Vec<Scalar> = Vec::new();
        for member in members.into_iter().flatten().take(MAX_MEMBERS) {
            if let Some(value) = Scalar::of(member)
                && !values.contains(&value)
            {
                values.push(value);
            }
        }
        values
    }
}

/// What is at a path.
pub(crate) fn at<'j>(record: &'j Value, path: &Path) -> Option<&'j Value> {
    path.steps.iter().try_fold(record, |value, step| match step {
        Step::Name(name) => value.as_object()?.get(name),
        Step::Index(index) => value.as_array()?.get(usize::try_from(*index).ok()?),
    })
}

/// Paths as they are written.
pub(super) mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::Path;

    pub(crate) fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(path)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Path, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(path: &str, reading: Reading) -> Field {
        Field { path: path.parse().unwrap(), reading }
    }

    #[test]
    fn a_field_is_read_as_it_is_declared() {
        let record = json!({"a": {"b": [1, {"c": true}]}, "at": "2024-01-01T02:00:00+02:00", "tags": ["x", 1, "x", null, "y"]});
        assert_eq!(field("a.b[1].c", Reading::Value).one(&record), Some(Scalar::Bool(true)));
        assert_eq!(field("a.b", Reading::Value).one(&record), None);
        assert_eq!(field("a[0]", Reading::Value).one(&record), None);
        assert_eq!(field("at", Reading::Instant).one(&record), Scalar::instant("2024-01-01T00:00:00.000Z"));
        assert_eq!(field("tags", Reading::Instant).one(&record), None);
        let tags = field("tags", Reading::Member).all(&record);
        assert_eq!(tags, [Scalar::text("x"), Scalar::Number(1.into()), Scalar::text("y")]);
        assert!(field("at", Reading::Member).all(&record).is_empty());
    }

    #[test]
    fn only_so_many_members_count() {
        let record = json!({"tags": (0..100).collect::<Vec<_>>()});
        assert_eq!(field("tags", Reading::Member).all(&record).len(), MAX_MEMBERS);
    }
}
