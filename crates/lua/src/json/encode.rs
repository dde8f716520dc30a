//! Lua values to JSON text.

use std::fmt::Write as _;

use mlua::{Table, Value};

use super::MAX_DEPTH;

/// Why a value has no JSON text.
#[derive(Debug)]
pub(crate) enum EncodeError {
    /// The text would be longer than it may.
    TooLarge,
    /// There is something in it that JSON has not; says where.
    Unfit(String),
    /// The machine failed.
    Lua(mlua::Error),
}

impl From<mlua::Error> for EncodeError {
    fn from(error: mlua::Error) -> Self {
        Self::Lua(error)
    }
}

/// The JSON text of a value, of at most `limit` bytes. `root` is its name in errors.
///
/// A table with the metatable `marker` is an array, holes being `null`; so is one whose keys are 1 to n. Others are objects,
/// in the order of their keys, so that equal tables have equal texts. `nil` is `null`.
pub(crate) fn encode(root: &str, value: &Value, marker: &Table, limit: usize) -> Result<String, EncodeError> {
    let mut encoder = Encoder { marker, limit, text: String::new(), path: vec![Step::Name(root.to_owned())] };
    encoder.value(value)?;
    Ok(encoder.text)
}

struct Encoder<'a> {
    marker: &'a Table,
    limit: usize,
    text: String,
    path: Vec<Step>,
}

enum Step {
    Name(String),
    Index(usize),
}

impl Encoder<'_> {
    fn value(&mut self, value: &Value) -> Result<(), EncodeError> {
        match value {
            Value::Nil => self.text.push_str("null"),
            Value::LightUserData(pointer) if pointer.0.is_null() => self.text.push_str("null"),
            Value::Boolean(true) => self.text.push_str("true"),
            Value::Boolean(false) => self.text.push_str("false"),
            Value::Integer(number) => self.display(*number),
            Value::Number(number) => self.number(*number)?,
            Value::String(string) => {
                let bytes = string.as_bytes();
                let text =
                    std::str::from_utf8(&bytes).map_err(|_| self.unfit("a string that is not UTF-8"))?;
                self.string(text)?;
            }
            Value::Table(table) => self.table(table)?,
            other => return Err(self.unfit(&format!("a {}", other.type_name()))),
        }
        if self.text.len() > self.limit { Err(EncodeError::TooLarge) } else { Ok(()) }
    }

    /// Floats keep their point, and are read back as the same ones.
    fn number(&mut self, number: f64) -> Result<(), EncodeError> {
        if !number.is_finite() {
            return Err(self.unfit(&format!("the number {number}")));
        }
        let text = serde_json::to_string(&number).map_err(|error| self.unfit(&error.to_string()))?;
        self.text.push_str(&text);
        Ok(())
    }

    fn string(&mut self, text: &str) -> Result<(), EncodeError> {
        if self.text.len() + text.len() > self.limit {
            return Err(EncodeError::TooLarge);
        }
        let quoted = serde_json::to_string(text).map_err(|error| self.unfit(&error.to_string()))?;
        self.text.push_str(&quoted);
        Ok(())
    }

    fn table(&mut self, table: &Table) -> Result<(), EncodeError> {
        // A table that contains itself has no end, and is too deep before that.
        if self.path.len() > MAX_DEPTH {
            return Err(self.unfit(&format!("a table more than {MAX_DEPTH} levels deep, or inside itself")));
        }
        if table.metatable().as_ref() == Some(self.marker) {
            return self.array(table, table.raw_len());
        }
        let length = table.raw_len();
        let (mut members, mut in_sequence, mut strange) = (Vec::new(), 0, None);
        table.for_each(|key: Value, value: Value| {
            match key {
                Value::String(key) => members.push((key.as_bytes().to_vec(), value)),
                Value::Integer(key) => {
                    in_sequence +=
                        usize::from(usize::try_from(key).is_ok_and(|key| (1..=length).contains(&key)));
                    members.push((key.to_string().into_bytes(), value));
                }
                key => strange = Some(key.type_name()),
            }
            Ok(())
        })?;
        if let Some(kind) = strange {
            return Err(self.unfit(&format!("a table with a key that is a {kind}")));
        }
        if length > 0 && in_sequence == length && members.len() == length {
            return self.array(table, length);
        }
        members.sort_by(|(one, _), (other, _)| one.cmp(other));
        if members.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(self.unfit("a table with a key that is both a number and a string"));
        }
        self.object(members)
    }

    fn array(&mut self, table: &Table, length: usize) -> Result<(), EncodeError> {
        self.text.push('[');
        for index in 1..=length {
            if index > 1 {
                self.text.push(',');
            }
            self.path.push(Step::Index(index));
            self.value(&table.raw_get(index)?)?;
            self.path.pop();
        }
        self.text.push(']');
        Ok(())
    }

    fn object(&mut self, members: Vec<(Vec<u8>, Value)>) -> Result<(), EncodeError> {
        self.text.push('{');
        for (place, (name, value)) in members.into_iter().enumerate() {
            let name = String::from_utf8(name).map_err(|_| self.unfit("a key that is not UTF-8"))?;
            if place > 0 {
                self.text.push(',');
            }
            self.string(&name)?;
            self.text.push(':');
            self.path.push(Step::Name(name));
            self.value(&value)?;
            self.path.pop();
        }
        self.text.push('}');
        Ok(())
    }

    fn display(&mut self, number: i64) {
        // Writing to a string does not fail.
        let _ = write!(self.text, "{number}");
    }

    fn unfit(&self, what: &str) -> EncodeError {
        let mut path = String::new();
        for step in self.path.iter().take(8) {
            let _ = match step {
                Step::Name(name) if path.is_empty() => write!(path, "{name}"),
                Step::Name(name) => write!(path, ".{}", &name[..name.floor_char_boundary(64)]),
                Step::Index(index) => write!(path, "[{index}]"),
            };
        }
        if self.path.len() > 8 {
            path.push('…');
        }
        EncodeError::Unfit(format!("{path} is {what}, which JSON has not"))
    }
}
