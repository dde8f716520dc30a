//! What people say about a manifest or a descriptor.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A map of texts to texts, as it was written. There may be megabytes of it, so it is checked and not built.
#[derive(Debug, Clone, Copy)]
pub struct Annotations<'b>(&'b RawValue);

impl<'b> Annotations<'b> {
    /// The map as JSON, byte for byte.
    #[must_use]
    pub fn as_json(self) -> &'b str {
        self.0.get()
    }

    /// Reads stored JSON again; `None` for what is no map of texts to texts.
    #[must_use]
    pub fn from_json(json: &'b str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// The map. Of equal keys the last one counts.
    #[must_use]
    pub fn to_map(self) -> BTreeMap<String, String> {
        serde_json::from_str(self.as_json()).unwrap_or_default()
    }
}

impl<'de: 'b, 'b> Deserialize<'de> for Annotations<'b> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'b RawValue>::deserialize(deserializer)?;
        match serde_json::from_str::<TextMap>(raw.get()) {
            Ok(TextMap) => Ok(Self(raw)),
            Err(_) => Err(D::Error::custom("annotations have to be texts by texts")),
        }
    }
}

/// Something that is a map of texts to texts.
struct TextMap;

impl<'de> Deserialize<'de> for TextMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TextMapVisitor)
    }
}

struct TextMapVisitor;

impl<'de> Visitor<'de> for TextMapVisitor {
    type Value = TextMap;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<TextMap, A::Error> {
        while members.next_entry::<Text, Text>()?.is_some() {}
        Ok(TextMap)
    }
}

/// Something that is a text.
struct Text;

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E>(self, _: &str) -> Result<Text, E> {
        Ok(Text)
    }
}
