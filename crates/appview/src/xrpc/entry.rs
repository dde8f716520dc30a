//! A stored record as it goes out: its JSON untouched, with the record's URI as its first field.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Appends `{"uri":URI,` and the fields of `json`, an object as the index stores it.
///
/// Nothing is parsed as long as the record has no field that could be called `uri` itself. If it has one, ours takes its
/// place, so that no reader of duplicate keys ever sees an author's idea of what the record's URI is.
pub(super) fn push(out: &mut Vec<u8>, uri: &str, json: &str) {
    out.extend_from_slice(b"{\"uri\":\"");
    // The characters of an AT URI need no escaping in JSON.
    out.extend_from_slice(uri.as_bytes());
    out.push(b'"');
    if may_have_uri(json) && push_fields_but_uri(out, json).is_ok() {
        out.push(b'}');
        return;
    }
    let fields = json.trim_ascii_start().strip_prefix('{').unwrap_or("}");
    if !fields.trim_ascii_start().starts_with('}') {
        out.push(b',');
    }
    out.extend_from_slice(fields.as_bytes());
}

/// Whether one of its keys, at any depth, could read `uri`: literally, or with escapes for letters, which begin `\u00`.
fn may_have_uri(json: &str) -> bool {
    json.contains("\"uri\"") || json.contains("\\u00")
}

/// Appends `,"key":value` for each field of an object but `uri`. On an error, which only text that is not an object
/// causes, nothing is appended.
fn push_fields_but_uri(out: &mut Vec<u8>, json: &str) -> Result<(), serde_json::Error> {
    let before = out.len();
    serde_json::Deserializer::from_str(json)
        .deserialize_map(FieldsButUri(out))
        .inspect_err(|_| out.truncate(before))
}

struct FieldsButUri<'o>(&'o mut Vec<u8>);

impl<'de> Visitor<'de> for FieldsButUri<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some((key, value)) = fields.next_entry::<&RawValue, &RawValue>()? {
            if is_uri(key.get()) {
                continue;
            }
            self.0.push(b',');
            self.0.extend_from_slice(key.get().as_bytes());
            self.0.push(b':');
            self.0.extend_from_slice(value.get().as_bytes());
        }
        Ok(())
    }
}

/// Whether a key, quoted and escaped as it stands in the text, reads `uri`.
fn is_uri(key: &str) -> bool {
    key == "\"uri\""
        || (key.contains('\\') && serde_json::from_str::<String>(key).is_ok_and(|key| key == "uri"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(json: &str) -> String {
        let mut out = Vec::new();
        push(&mut out, "at://did:plc:a/a.b.c/d", json);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn text_is_copied() {
        let fields = "\"a\" : [1, {\"b\":\"\u{2028}\\n\"}]}";
        assert_eq!(entry(&format!("{{{fields}")), format!("{{\"uri\":\"at://did:plc:a/a.b.c/d\",{fields}"));
    }

    #[test]
    fn an_empty_record_has_only_its_uri() {
        for json in ["{}", "{ }", " {\n}"] {
            let entry: serde_json::Value = serde_json::from_str(&entry(json)).unwrap();
            assert_eq!(entry, serde_json::json!({"uri": "at://did:plc:a/a.b.c/d"}), "{json:?}");
        }
    }

    #[test]
    fn our_uri_wins() {
        for (json, rest) in [
            (r#"{"uri":"x"}"#, ""),
            (r#"{"\u0075ri":"x","a":1}"#, r#","a":1"#),
            (r#"{"a":1,"u\u0072\u0069":{"uri":2},"b":{"uri": 3}}"#, r#","a":1,"b":{"uri": 3}"#),
            (r#"{"a":"\"uri\""}"#, r#","a":"\"uri\"""#),
            (r#"{"a":"\u0001"}"#, r#","a":"\u0001""#),
            (r#"{"uri":"x","uri":"y","URI":"z"}"#, r#","URI":"z""#),
        ] {
            assert_eq!(entry(json), format!(r#"{{"uri":"at://did:plc:a/a.b.c/d"{rest}}}"#), "{json}");
        }
    }
}
