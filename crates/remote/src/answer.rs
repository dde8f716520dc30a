//! JSON answers of hosts, read within bounds.

use atproto::data::{self, Limits};
use outbound::Response;
use serde_json::Value;

use crate::RemoteError;
use crate::client::Asked;

/// Reads an answer that must be one JSON object, of the size that its query allows.
pub(crate) fn object(
    asked: Asked<'_>,
    method: &'static str,
    answer: &Response,
) -> Result<Value, RemoteError> {
    let limits = Limits { bytes: answer.body.len(), depth: 16 };
    data::parse(&answer.body, &limits).map_err(|error| malformed(asked, method, error))
}

/// The text of a field, as whatever it is to be.
pub(crate) fn field<T: std::str::FromStr>(
    asked: Asked<'_>,
    method: &'static str,
    object: &Value,
    name: &str,
) -> Result<T, RemoteError> {
    let value = object.get(name).and_then(Value::as_str).and_then(|text| text.parse().ok());
    value.ok_or_else(|| malformed(asked, method, format_args!("`{name}` is missing or not valid")))
}

/// The error for an answer that is not what the protocol says.
pub(crate) fn malformed(asked: Asked<'_>, method: &'static str, what: impl std::fmt::Display) -> RemoteError {
    RemoteError::Malformed { host: Box::new(asked.host.clone()), method, what: what.to_string() }
}
