//! The parameters that the default query understands, out of those a request has.

use std::borrow::Cow;

use atproto::lexicon::{Lexicon, params};
use serde_json::{Map, Value};
use server::Problem;

/// 400, as XRPC calls it.
pub(super) fn invalid(message: impl Into<Cow<'static, str>>) -> Problem {
    Problem::bad_request(message).named("InvalidRequest")
}

/// The coerced parameters of one call.
pub(crate) struct Arguments(Map<String, Value>);

impl Arguments {
    /// Reads the query string of a call of `lexicon` and compares it with what the lexicon says; those in `own` are for the
    /// handler to judge, if they are there.
    pub(crate) fn read(lexicon: &Lexicon, query: Option<&str>, own: &[&str]) -> Result<Self, Problem> {
        let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
        let mut coerced =
            params::coerce(lexicon, pairs).map_err(|error| Problem::bad_request(error.to_string()))?;
        let checked = lexicon.compiled().check_params(&mut coerced, own);
        checked.map_err(|error| invalid(error.to_string()))?;
        Ok(Self(coerced))
    }

    /// All of them, as scripts see them.
    pub(super) fn into_value(self) -> Value {
        Value::Object(self.0)
    }

    /// All of them by name.
    pub(crate) fn all(&self) -> &Map<String, Value> {
        &self.0
    }

    /// A parameter that is one value, as text whatever the lexicon declares it to be.
    pub(crate) fn text(&self, name: &'static str) -> Result<Option<Cow<'_, str>>, Problem> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.into())),
            Some(Value::Array(_)) => Err(Problem::bad_request(format!("{name} must be given once"))),
            // A lexicon may declare a number where we read an integer.
            Some(Value::Number(number)) => {
                Ok(Some(number.to_string().trim_end_matches(".0").to_owned().into()))
            }
            Some(value) => Ok(Some(value.to_string().into())),
        }
    }
}
