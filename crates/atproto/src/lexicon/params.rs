//! Query parameters, which arrive as text, given the types a lexicon declares.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::Lexicon;

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
    fn refuses_floods() {
        let lexicon = Lexicon::parse(r#"{"lexicon":1,"id":"com.example.search","defs":{}}"#).unwrap();
        let pair = |value: String| ("k".to_owned(), value);
        assert_eq!(coerce(&lexicon, vec![pair(String::new()); MAX_PAIRS + 1]), Err(ParamsError::TooMany));
        assert_eq!(coerce(&lexicon, vec![pair("v".repeat(MAX_BYTES))]), Err(ParamsError::TooLarge));
        assert!(coerce(&lexicon, vec![pair("v".repeat(MAX_BYTES - 1))]).is_ok());
    }
}
