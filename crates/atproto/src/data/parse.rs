//! The way from a stranger's JSON to a tree or a type.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::scan::{check_size, not_json, scan};
use super::{DataError, Limits, storable};

/// Reads JSON that must be one object, with the characters databases cannot keep replaced as [`storable`] does.
///
/// The JSON library alone would follow strings under keys of its own to any depth (see
/// [`DataError::ReservedKey`]), until the stack overflows; here nothing is built before everything has been looked at.
pub fn parse(json: &[u8], limits: &Limits) -> Result<Value, DataError> {
    parse_as(json, limits)
}

/// The same into a type. Of two equal keys no reader takes one and another the other: they are refused.
pub(crate) fn parse_as<T: DeserializeOwned>(json: &[u8], limits: &Limits) -> Result<T, DataError> {
    check_size(json.len(), limits)?;
    let text = storable(str::from_utf8(json).map_err(|_| DataError::NotUtf8)?);
    scan(&text, limits)?;
    serde_json::from_str(&text).map_err(|error| not_json(&error))
}
