//! The value that is checked: JSON as a flat list in which what does not matter is stepped over.
//!
//! Strings stay slices of the text wherever they have no escapes, so that reading a record takes one allocation.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::data::Limits;
use crate::excerpt::excerpt;

/// A JSON value that can be checked against a lexicon.
#[derive(Debug, Clone)]
pub struct Data<'a> {
    nodes: Vec<Node<'a>>,
}

/// One value of the list. Those inside of it follow; in a map each is preceded by its key.
#[derive(Debug, Clone)]
struct Node<'a> {
    kind: Kind<'a>,
    /// The first node after everything inside.
    next: u32,
}

/// A value, without what is inside of it.
#[derive(Debug, Clone)]
pub(super) enum Kind<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    /// A fraction, or an integer beyond 64 bits: nothing that a lexicon has a type for.
    Number,
    Text(Cow<'a, str>),
    Array,
    Object,
}

impl Kind<'_> {
    /// What it is, to go into "must be …, but it is …".
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Number => "a number that is no integer of 64 bits",
            Self::Text(_) => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

impl<'a> Data<'a> {
    /// Reads JSON, at most [`Limits::MAX_DEPTH`] levels deep. The error says why it cannot be read.
    pub fn parse(json: &'a str) -> Result<Self, String> {
        // Longer ones would not be counted right; no caller lets them come this far.
        if u32::try_from(json.len()).is_err() {
            return Err("the JSON is too long".to_owned());
        }
        let mut data = Self { nodes: Vec::with_capacity(json.len() / 12 + 8) };
        let mut reader = serde_json::Deserializer::from_str(json);
        let end = Reading { data: &mut data }.deserialize(&mut reader).and_then(|()| reader.end());
        end.map_err(|error| excerpt(&error.to_string()))?;
        Ok(data)
    }

    /// Reads a tree; the error says why it cannot be read.
    pub fn of_value(value: &'a Value) -> Result<Self, String> {
        let mut data = Self { nodes: Vec::with_capacity(32) };
        data.add(value, Limits::MAX_DEPTH)?;
        Ok(data)
    }

    fn add(&mut self, value: &'a Value, depth: usize) -> Result<(), String> {
        let depth = depth.checked_sub(1).ok_or("the value is nested too deeply")?;
        let at = self.begin(match value {
            Value::Null => Kind::Null,
            Value::Bool(value) => Kind::Boolean(*value),
            Value::Number(number) => number.as_i64().map_or(Kind::Number, Kind::Integer),
            Value::String(text) => Kind::Text(Cow::Borrowed(text)),
            Value::Array(_) => Kind::Array,
            Value::Object(_) => Kind::Object,
        });
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.add(item, depth))?,
            Value::Object(fields) => fields.iter().try_for_each(|(key, value)| {
                self.leaf(Kind::Text(Cow::Borrowed(key)));
                self.add(value, depth)
            })?,
            _ => {}
        }
        self.end(at);
        Ok(())
    }

    fn leaf(&mut self, kind: Kind<'a>) {
        let at = self.begin(kind);
        self.end(at);
    }

    fn begin(&mut self, kind: Kind<'a>) -> usize {
        self.nodes.push(Node { kind, next: 0 });
        self.nodes.len() - 1
    }

    fn end(&mut self, at: usize) {
        self.nodes[at].next = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
    }

    pub(super) fn kind(&self, at: Position) -> &Kind<'a> {
        &self.nodes[at.0 as usize].kind
    }

    /// The text of a string.
    pub(super) fn text(&self, at: Position) -> Option<&str> {
        if let Kind::Text(text) = self.kind(at) { Some(text) } else { None }
    }

    /// The values of an array; nothing for what is none.
    pub(super) fn items(&self, at: Position) -> impl Iterator<Item = Position> {
        let is_array = matches!(self.kind(at), Kind::Array);
        let end = if is_array { self.nodes[at.0 as usize].next } else { 0 };
        let mut item = at.0 + 1;
        std::iter::from_fn(move || {
            (item < end).then(|| {
                let this = Position(item);
                item = self.nodes[item as usize].next;
                this
            })
        })
    }

    /// The fields of an object; nothing for what is none.
    pub(super) fn fields(&self, at: Position) -> impl Iterator<Item = (&str, Position)> {
        let is_object = matches!(self.kind(at), Kind::Object);
        let end = if is_object { self.nodes[at.0 as usize].next } else { 0 };
        let mut key = at.0 + 1;
        std::iter::from_fn(move || {
            if key >= end {
                return None;
            }
            let (name, value) = (self.text(Position(key))?, Position(key + 1));
            key = self.nodes[key as usize + 1].next;
            Some((name, value))
        })
    }

    /// One field of an object.
    pub(super) fn field(&self, at: Position, name: &str) -> Option<Position> {
        self.fields(at).find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

/// A value within [`Data`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position(u32);

impl Position {
    /// The value as a whole.
    pub(super) const ROOT: Self = Self(0);
}

/// Appends the value that is read.
struct Reading<'d, 'a> {
    data: &'d mut Data<'a>,
}

impl<'a> DeserializeSeed<'a> for Reading<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Reading<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.data.leaf(Kind::Null);
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.data.leaf(Kind::Boolean(value));
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.data.leaf(Kind::Integer(value));
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.data.leaf(i64::try_from(value).map_or(Kind::Number, Kind::Integer));
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.data.leaf(Kind::Number);
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'a str) -> Result<(), E> {
        self.data.leaf(Kind::Text(Cow::Borrowed(text)));
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.data.leaf(Kind::Text(Cow::Owned(text.to_owned())));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<(), A::Error> {
        let at = self.data.begin(Kind::Array);
        while items.next_element_seed(Reading { data: self.data })?.is_some() {}
        self.data.end(at);
        Ok(())
    }

    fn visit_map<A: MapAccess<'a>>(self, mut fields: A) -> Result<(), A::Error> {
        let at = self.data.begin(Kind::Object);
        while fields.next_key_seed(Reading { data: self.data })?.is_some() {
            fields.next_value_seed(Reading { data: self.data })?;
        }
        self.data.end(at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_and_tree_read_alike() {
        let value = json!({"a": [1, null, {"b": "x\ny"}], "c": {}, "d": true, "e": 1.5, "f": u64::MAX});
        let text = value.to_string();
        let (of_text, of_tree) = (Data::parse(&text).unwrap(), Data::of_value(&value).unwrap());
        assert_eq!(format!("{of_text:?}"), format!("{of_tree:?}"));
        let root = Position::ROOT;
        let keys: Vec<&str> = of_text.fields(root).map(|(key, _)| key).collect();
        assert_eq!(keys, ["a", "c", "d", "e", "f"]);
        let items: Vec<Position> = of_text.items(of_text.field(root, "a").unwrap()).collect();
        assert_eq!(items.len(), 3);
        assert_eq!(of_text.text(of_text.field(items[2], "b").unwrap()), Some("x\ny"));
        assert_eq!((of_text.items(root).count(), of_text.fields(items[0]).count()), (0, 0));
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(Data::parse(&deep(100)).is_ok());
        assert!(Data::parse(&deep(200)).is_err());
        let mut value = Value::Null;
        for _ in 0..200 {
            value = Value::Array(vec![value]);
        }
        assert!(Data::of_value(&value).is_err());
        assert!(Data::parse("{} x").is_err());
        assert!(Data::parse("").is_err());
    }
}
