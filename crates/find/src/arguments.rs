//! The table a script passed, read field by field.

use atproto::Nsid;
use serde_json::{Map, Value};

use crate::Error;

/// Longest text that is compared with anything, in bytes.
pub(crate) const MAX_TEXT_BYTES: usize = 8192;

/// Most records of one page.
const MAX_LIMIT: i64 = 100;

/// The fields of a table.
pub(crate) struct Arguments<'j>(&'j Map<String, Value>);

impl<'j> Arguments<'j> {
    pub(crate) fn of(json: &'j Value) -> Result<Self, Error> {
        let table = json.as_object();
        table.map(Self).ok_or(Error::Argument { name: "the argument", expected: "a table with named fields" })
    }

    /// A field that is there and not `null`.
    pub(crate) fn get(&self, name: &str) -> Option<&'j Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text, in the form in which it could be in the index.
    pub(crate) fn text(&self, name: &'static str) -> Result<Option<String>, Error> {
        self.get(name).map(|value| text(name, value)).transpose()
    }

    pub(crate) fn required_text(&self, name: &'static str) -> Result<String, Error> {
        self.text(name)?.ok_or(Error::Argument { name, expected: "a string" })
    }

    pub(crate) fn collection(&self) -> Result<Nsid, Error> {
        let (name, expected) = ("collection", "an NSID such as com.example.note");
        self.text(name)?.and_then(|text| Nsid::parse(&text).ok()).ok_or(Error::Argument { name, expected })
    }

    /// How many records are asked for, brought into the bounds of a page.
    pub(crate) fn limit(&self, default: u32) -> Result<u32, Error> {
        let limit = self.integer("limit")?.unwrap_or(i64::from(default));
        Ok(u32::try_from(limit.clamp(1, MAX_LIMIT)).unwrap_or(default))
    }

    /// An integer, also one that is written as a float or, as Lua allows, as a string.
    pub(crate) fn integer(&self, name: &'static str) -> Result<Option<i64>, Error> {
        self.get(name)
            .map(|value| integer(value).ok_or(Error::Argument { name, expected: "an integer" }))
            .transpose()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast saturates, and such an integer is clamped anyway"
)]
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().filter(|float| float.fract() == 0.0).map(|float| float as i64)),
        _ => None,
    }
}

/// The text, with the replacement that the index makes: it cannot hold U+0000.
pub(crate) fn text(name: &'static str, value: &Value) -> Result<String, Error> {
    let text = value.as_str().ok_or(Error::Argument { name, expected: "a string" })?;
    if text.len() > MAX_TEXT_BYTES {
        return Err(Error::Argument { name, expected: "a string of at most 8192 bytes" });
    }
    Ok(storable(text))
}

/// What the index would have made of the text.
pub(crate) fn storable(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}
