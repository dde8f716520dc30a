//! JSON within bounds.

use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Levels of a document.
pub(super) const MAX_DEPTH: usize = 64;

/// What decides who did what to whom. If it is there twice, one reader takes this and another that.
const ONCE: [&str; 6] = ["id", "@id", "type", "@type", "actor", "object"];

/// Reads any value, counting levels on the way in.
#[derive(Clone, Copy)]
pub(super) struct Bounded {
    levels: usize,
}

impl Bounded {
    pub(super) fn new() -> Self {
        Self { levels: MAX_DEPTH }
    }

    fn deeper<E: Error>(self) -> Result<Self, E> {
        let levels = self.levels.checked_sub(1).ok_or_else(|| E::custom("it is too deep"))?;
        Ok(Self { levels })
    }
}

impl<'de> DeserializeSeed<'de> for Bounded {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(text(value)))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(if value.contains('\0') { text(&value) } else { value }))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(entry) = entries.next_element_seed(inner)? {
            list.push(entry);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            // Before anybody asks whether it is there twice.
            let key = text(&key);
            let value = entries.next_value_seed(inner)?;
            if map.contains_key(&key) && ONCE.contains(&key.as_str()) {
                return Err(A::Error::custom("a property is there twice"));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// Without the one character that no text has and not every database takes.
fn text(value: &str) -> String {
    value.replace('\0', "")
}
