//! Query parameters, which arrive as text, given the types a lexicon declares and compared with them.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::Lexicon;
use super::check::{boolean, integer, length, text};
use super::fault::{Checked, Fault};
use super::schema::{Compiled, Object, Type};
use crate::excerpt::excerpt;

/// Pairs one request may have.
pub const MAX_PAIRS: usize = 1000;

/// Bytes all keys and values together may have.
pub const MAX_BYTES: usize = 64 << 10;

/// A query string that is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParamsError {
    /// More pairs than [`MAX_PAIRS`].
    #[error("the request has more than {MAX_PAIRS} query parameters")]
    TooMany,
    /// More text than [`MAX_BYTES`].
    #[error("the query parameters are longer than {MAX_BYTES} bytes")]
    TooLarge,
}

/// The parameters of a call, from the percent-decoded pairs of its query string in their order.
///
/// A repeated key becomes an array. Where the lexicon declares a type, text that reads as an `integer`, a `boolean`
/// (`true`, `1`, `false`, `0`) or a `number` becomes one; text that does not, and everything undeclared, stays text:
/// whether that is acceptable is for the method to say. A declared `array` is one even with a single value, and its
/// values are read as the type of its `items`.
pub fn coerce(lexicon: &Lexicon, pairs: Vec<(String, String)>) -> Result<Map<String, Value>, ParamsError> {
    if pairs.len() > MAX_PAIRS {
        return Err(ParamsError::TooMany);
    }
    if pairs.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() > MAX_BYTES {
        return Err(ParamsError::TooLarge);
    }
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, text) in pairs {
        texts.entry(key).or_default().push(text);
    }
    let declared = lexicon.parameters();
    Ok(texts
        .into_iter()
        .map(|(key, texts)| {
            let value = read(texts, declared.and_then(|declared| declared.get(&key)));
            (key, value)
        })
        .collect())
}

/// All values of one key, which has at least one.
fn read(mut texts: Vec<String>, schema: Option<&Value>) -> Value {
    let kind = type_of(schema);
    if kind == Some("array") {
        let items = type_of(schema.and_then(|schema| schema.get("items")));
        return texts.into_iter().map(|text| read_one(text, items)).collect();
    }
    match texts.pop() {
        Some(text) if texts.is_empty() => read_one(text, kind),
        last => texts.into_iter().chain(last).collect(),
    }
}

fn read_one(text: String, kind: Option<&str>) -> Value {
    let value = match (kind, &*text) {
        (Some("integer"), text) => text.parse().ok().map(|integer: i64| Value::from(integer)),
        (Some("boolean"), "true" | "1") => Some(Value::Bool(true)),
        (Some("boolean"), "false" | "0") => Some(Value::Bool(false)),
        (Some("number"), text) => text.parse().ok().and_then(Number::from_f64).map(Value::Number),
        _ => None,
    };
    value.unwrap_or(Value::String(text))
}

fn type_of(schema: Option<&Value>) -> Option<&str> {
    schema?.get("type")?.as_str()
}

/// A parameter that is not what the lexicon says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("parameter {name}: {problem}")]
pub struct ParamError {
    /// Which. Names are the lexicon's own; others are not looked at.
    pub name: String,
    /// What is wrong with it, such as "more than 100".
    pub problem: String,
}

impl Compiled {
    /// Compares coerced parameters with those that `main` declares, and adds the defaults of those that are absent.
    /// Parameters that are not declared stay as they are, and so do those named in `own`, whose values the method itself
    /// has always looked at.
    pub fn check_params(&self, values: &mut Map<String, Value>, own: &[&str]) -> Result<(), ParamError> {
        let Some(declared) = self.declared() else { return Ok(()) };
        for property in &declared.properties {
            let checked = match values.get(&*property.name) {
                Some(_) if own.contains(&&*property.name) => Ok(()),
                Some(value) => check(&property.of, value),
                None if property.required.is_some() => Fault::new("is required"),
                None => {
                    if let Some(default) = property.of.default() {
                        values.insert(property.name.to_string(), default);
                    }
                    Ok(())
                }
            };
            checked.map_err(|fault| ParamError {
                name: excerpt(&property.name),
                problem: fault.finish().problem,
            })?;
        }
        Ok(())
    }

    fn declared(&self) -> Option<&Object> {
        self.main_method()?.parameters.as_ref()
    }
}

/// One parameter, whose value is a text where it does not read as the declared type.
fn check(of: &Type, value: &Value) -> Checked {
    match (of, value) {
        (Type::Boolean { constant, .. }, Value::Bool(value)) => boolean(*constant, *value),
        (Type::Integer(of), Value::Number(number)) if number.is_i64() => {
            integer(of, number.as_i64().unwrap_or_default())
        }
        (Type::Text(of), Value::String(value)) => text(of, value),
        (Type::Array(of), Value::Array(values)) => {
            length(of.length, values.len() as u64, "value", "values")?;
            values.iter().try_for_each(|value| check(&of.items, value))
        }
        (Type::Boolean { .. } | Type::Integer(_) | Type::Text(_), Value::Array(_)) => {
            Fault::new("must be given once")
        }
        (Type::Boolean { .. }, other) => Fault::type_of("true or false", &shown(other)),
        (Type::Integer(_), other) => Fault::type_of("an integer", &shown(other)),
        (Type::Text(_), other) => Fault::type_of("a string", &shown(other)),
        (Type::Array(_), other) => Fault::type_of("a list", &shown(other)),
        _ => Ok(()),
    }
}

fn shown(value: &Value) -> String {
    excerpt(&value.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn coerced(query: &[(&str, &str)]) -> Value {
        let lexicon = json!({"lexicon": 1, "id": "com.example.search", "defs": {"main": {
            "type": "query",
            "parameters": {"type": "params", "properties": {
                "limit": {"type": "integer"},
                "all": {"type": "boolean"},
                "score": {"type": "number"},
                "q": {"type": "string"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "ids": {"type": "array", "items": {"type": "integer"}},
            }},
        }}});
        let lexicon = Lexicon::parse(&lexicon.to_string()).unwrap();
        let pairs = query.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect();
        Value::Object(coerce(&lexicon, pairs).unwrap())
    }

    #[test]
    fn reads_declared_types() {
        assert_eq!(
            coerced(&[("limit", "20"), ("all", "1"), ("score", "2"), ("q", "7")]),
            json!({"limit": 20, "all": true, "score": 2.0, "q": "7"})
        );
        assert_eq!(coerced(&[("limit", "-9223372036854775808")]), json!({"limit": i64::MIN}));
        assert_eq!(coerced(&[("all", "false")]), json!({"all": false}));
        assert_eq!(coerced(&[]), json!({}));
    }

    #[test]
    fn leaves_text_it_cannot_read() {
        assert_eq!(
            coerced(&[("limit", "many"), ("all", "TRUE"), ("score", "NaN")]),
            json!({"limit": "many", "all": "TRUE", "score": "NaN"})
        );
        assert_eq!(coerced(&[("limit", "9223372036854775808")]), json!({"limit": "9223372036854775808"}));
        assert_eq!(coerced(&[("limit", "1.0")]), json!({"limit": "1.0"}));
        assert_eq!(coerced(&[("limit", ""), ("other", "5")]), json!({"limit": "", "other": "5"}));
    }

    #[test]
    fn repeated_keys_are_arrays() {
        assert_eq!(coerced(&[("x", "1"), ("q", "b"), ("x", "1")]), json!({"x": ["1", "1"], "q": "b"}));
        assert_eq!(coerced(&[("limit", "01"), ("limit", "2")]), json!({"limit": ["01", "2"]}));
    }

    #[test]
    fn declared_arrays_are_arrays_of_their_items() {
        assert_eq!(coerced(&[("tags", "1")]), json!({"tags": ["1"]}));
        assert_eq!(coerced(&[("ids", "1"), ("ids", "x"), ("ids", "3")]), json!({"ids": [1, "x", 3]}));
    }

    #[test]
    fn values_are_compared_with_their_types() {
        let lexicon = json!({"lexicon": 1, "id": "com.example.search", "defs": {"main": {
            "type": "query",
            "parameters": {"type": "params", "required": ["q", "kind"], "properties": {
                "q": {"type": "string", "minLength": 1, "maxGraphemes": 5},
                "kind": {"type": "string", "enum": ["a", "b"], "default": "a"},
                "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
                "all": {"type": "boolean", "default": false},
                "own": {"type": "integer", "maximum": 5},
                "by": {"type": "array", "items": {"type": "string", "format": "did"}, "maxLength": 2},
            }},
        }}});
        let lexicon = Lexicon::parse(&lexicon.to_string()).unwrap();
        assert!(lexicon.warnings().is_empty(), "{:?}", lexicon.warnings());
        let checked = |query: &[(&str, &str)]| {
            let pairs = query.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect();
            let mut values = coerce(&lexicon, pairs).unwrap();
            lexicon.compiled().check_params(&mut values, &["own"]).map(|()| Value::Object(values))
        };
        let defaults = json!({"q": "x", "kind": "a", "limit": 50, "all": false, "more": "1", "own": "many"});
        assert_eq!(checked(&[("q", "x"), ("more", "1"), ("own", "many")]), Ok(defaults));
        for (query, message) in [
            (&[][..], "parameter q: is required"),
            (&[("q", "")], "parameter q: shorter than 1 byte"),
            (&[("q", "abcdef")], "parameter q: longer than 5 graphemes"),
            (&[("q", "x"), ("q", "y")], "parameter q: must be given once"),
            (&[("q", "x"), ("kind", "c")], "parameter kind: must be one of \"a\", \"b\", but it is \"c\""),
            (&[("q", "x"), ("limit", "101")], "parameter limit: more than 100"),
            (&[("q", "x"), ("limit", "0")], "parameter limit: less than 1"),
            (&[("q", "x"), ("limit", "ten")], "parameter limit: must be an integer, but it is \"ten\""),
            (&[("q", "x"), ("all", "maybe")], "parameter all: must be true or false, but it is \"maybe\""),
            (&[("q", "x"), ("by", "y")], "parameter by: must have the format did, but it is \"y\""),
            (
                &[("q", "x"), ("by", "did:web:a.b"), ("by", "did:web:a.b"), ("by", "did:web:a.b")],
                "parameter by: longer than 2 values",
            ),
        ] {
            assert_eq!(checked(query).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn refuses_floods() {
        let lexicon = Lexicon::parse(r#"{"lexicon":1,"id":"com.example.search","defs":{}}"#).unwrap();
        let pair = |value: String| ("k".to_owned(), value);
        assert_eq!(coerce(&lexicon, vec![pair(String::new()); MAX_PAIRS + 1]), Err(ParamsError::TooMany));
        assert_eq!(coerce(&lexicon, vec![pair("v".repeat(MAX_BYTES))]), Err(ParamsError::TooLarge));
        assert!(coerce(&lexicon, vec![pair("v".repeat(MAX_BYTES - 1))]).is_ok());
    }
}
