//! Bodies that are a form or a JSON object, whatever the client likes better.

use axum::body::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};
use server::Problem;
use url::form_urlencoded;

/// Names and values that a client sent.
#[derive(Debug, Default)]
pub(in crate::auth) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads a body by its content type; without one it is a form. Nothing at all has no fields.
    pub(in crate::auth) fn read(headers: &HeaderMap, body: &Bytes) -> Result<Self, Problem> {
        if !Self::is_json(headers) {
            return Ok(Self::of_form(body));
        }
        if body.is_empty() {
            return Ok(Self::default());
        }
        let object: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|_| Problem::bad_request("the body is not a JSON object").named("invalid_request"))?;
        let text = |value: Value| match value {
            Value::String(text) => Some(text),
            Value::Bool(value) => Some(value.to_string()),
            _ => None,
        };
        Ok(Self(object.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect()))
    }

    /// Reads a form, or a query.
    pub(in crate::auth) fn of_form(form: &[u8]) -> Self {
        Self(form_urlencoded::parse(form).into_owned().collect())
    }

    /// Whether the client writes JSON, and so wants to read it.
    pub(in crate::auth) fn is_json(headers: &HeaderMap) -> bool {
        let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    }

    /// The first of this name that says something.
    pub(in crate::auth) fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(found, _)| found == name).map(|(_, value)| &**value);
        found.find(|value| !value.is_empty())
    }

    /// All of this name.
    pub(in crate::auth) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| &**value)
    }

    pub(in crate::auth) fn required(&self, name: &'static str) -> Result<&str, Problem> {
        let missing = || Problem::bad_request(format!("`{name}` is missing")).named("invalid_request");
        self.get(name).ok_or_else(missing)
    }
}
