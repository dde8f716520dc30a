//! JSON text to Lua values.

use std::cell::RefCell;
use std::fmt;

use mlua::{Lua, Table, Value};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::MAX_DEPTH;

/// The value of a JSON text: arrays get the metatable `marker`, `null` is [`Value::NULL`], whole numbers are integers where they
/// fit. The inner error says what is wrong with the text.
pub(crate) fn decode(lua: &Lua, marker: &Table, text: &[u8]) -> mlua::Result<Result<Value, String>> {
    let decoder = Decoder { lua, marker, failure: RefCell::new(None) };
    let mut json = serde_json::Deserializer::from_slice(text);
    let value = Element { decoder: &decoder, depth: 0 }.deserialize(&mut json);
    let value = value.and_then(|value| json.end().map(|()| value));
    match (value, decoder.failure.into_inner()) {
        (_, Some(failure)) => Err(failure),
        (Ok(value), None) => Ok(Ok(value)),
        (Err(error), None) => Ok(Err(format!("invalid JSON: {error}"))),
    }
}

struct Decoder<'a> {
    lua: &'a Lua,
    marker: &'a Table,
    /// What the machine says, which errors of serde cannot carry.
    failure: RefCell<Option<mlua::Error>>,
}

impl Decoder<'_> {
    fn keep<T, E: serde::de::Error>(&self, result: mlua::Result<T>) -> Result<T, E> {
        result.map_err(|failure| {
            let error = E::custom(&failure);
            self.failure.replace(Some(failure));
            error
        })
    }
}

#[derive(Clone, Copy)]
struct Element<'a> {
    decoder: &'a Decoder<'a>,
    depth: usize,
}

impl Element<'_> {
    fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom(format_args!("more than {MAX_DEPTH} levels")));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Element<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::NULL)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "Lua has no larger integers, and reads such a literal alike"
        )]
        Ok(i64::try_from(value).map_or(Value::Number(value as f64), Value::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.decoder.keep(self.decoder.lua.create_string(value)).map(Value::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let (decoder, inside) = (self.decoder, self.inside()?);
        let table = decoder.keep(decoder.lua.create_table())?;
        while let Some(element) = elements.next_element_seed(inside)? {
            decoder.keep(table.raw_push(element))?;
        }
        decoder.keep(table.set_metatable(Some(decoder.marker.clone())))?;
        Ok(Value::Table(table))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let (decoder, inside) = (self.decoder, self.inside()?);
        let table = decoder.keep(decoder.lua.create_table())?;
        while let Some(name) = members.next_key_seed(inside)? {
            let value = members.next_value_seed(inside)?;
            decoder.keep(table.raw_set(name, value))?;
        }
        Ok(Value::Table(table))
    }
}
