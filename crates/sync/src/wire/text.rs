//! Strings as requests bring them, bounded, and without the one character that not every database stores.

use std::fmt;
use std::ops::Deref;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// A string of at most `MAX` bytes without U+0000.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub(crate) struct Bounded<const MAX: usize>(String);

/// A name, a key, an id: something that is in an index.
pub(crate) type Label = Bounded<1024>;

/// What only clients can read.
pub(crate) type Opaque = Bounded<{ 16 * 1024 * 1024 }>;

impl<const MAX: usize> Bounded<MAX> {
    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize> Deref for Bounded<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Bounded<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_string(Bound)
    }
}

struct Bound<const MAX: usize>;

impl<const MAX: usize> Visitor<'_> for Bound<MAX> {
    type Value = Bounded<MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a string of at most {MAX} bytes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        check::<MAX, E>(text)?;
        Ok(Bounded(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        check::<MAX, E>(&text)?;
        Ok(Bounded(text))
    }
}

fn check<const MAX: usize, E: Error>(text: &str) -> Result<(), E> {
    if text.len() > MAX {
        return Err(E::invalid_length(text.len(), &format!("a string of at most {MAX} bytes").as_str()));
    }
    if text.contains('\0') {
        return Err(E::custom("contains U+0000"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    proptest::proptest! {
        #[test]
        fn no_string_is_too_strange(text in "[^a-z]{0,300}", times in 1..8_usize) {
            crate::fuzzing::text(json!(text.repeat(times)).to_string().as_bytes());
            crate::fuzzing::text(text.as_bytes());
        }
    }
}
