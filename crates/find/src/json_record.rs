//! A record as scripts see it.

use std::fmt;

use serde::Deserializer;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::Found;

/// The record's JSON with its AT URI as field `uri`, which takes the place of a field of that name.
///
/// No tree is built: most records are copied as they are, and the others field by field.
#[must_use]
pub fn json_record(found: &Found) -> String {
    let mut json = String::with_capacity(found.json.len() + found.uri.len() + 16);
    json.push_str("{\"uri\":");
    // A string always has a JSON form.
    json.push_str(&serde_json::Value::from(found.uri.as_str()).to_string());
    if may_have_uri(&found.json) {
        let fields = Fields { json: &mut json };
        // What is stored is an object; if it were not, nothing of it would be a field.
        let _ = serde_json::Deserializer::from_str(&found.json).deserialize_map(fields);
        json.push('}');
        return json;
    }
    match found.json.trim_ascii().strip_prefix('{').map(str::trim_ascii_start) {
        None | Some("}") => json.push('}'),
        Some(fields) => {
            json.push(',');
            json.push_str(fields);
        }
    }
    json
}

/// Whether `uri` could be the name of a field, at any depth or spelled with escapes.
fn may_have_uri(json: &str) -> bool {
    json.contains("\"uri\"") || json.contains("\\u")
}

/// Copies all fields but `uri`.
struct Fields<'j> {
    json: &'j mut String,
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some((name, value)) = fields.next_entry::<String, &'de RawValue>()? {
            if name != "uri" {
                self.json.push(',');
                self.json.push_str(&serde_json::Value::from(name).to_string());
                self.json.push(':');
                self.json.push_str(value.get());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn of(json: &str) -> String {
        let (uri, did) = ("at://did:web:a/b.c.d/e".to_owned(), "did:web:a".to_owned());
        json_record(&Found { uri, did, cid: None, json: json.to_owned() })
    }

    #[test]
    fn the_uri_is_a_field_and_wins() {
        let uri = "at://did:web:a/b.c.d/e";
        for (stored, expected) in [
            ("{}", json!({ "uri": uri })),
            (" { } ", json!({ "uri": uri })),
            (r#"{"a":1}"#, json!({"uri": uri, "a": 1})),
            (r#"{"a": {"uri": "at://x"}}"#, json!({"uri": uri, "a": {"uri": "at://x"}})),
            (r#"{"uri": "at://x", "a": [1]}"#, json!({"uri": uri, "a": [1]})),
            (r#"{"a": "uri", "uri": {"uri": 1}}"#, json!({"uri": uri, "a": "uri"})),
            (r#"{"\u0075ri": 1, "\"": "\u00e9"}"#, json!({"uri": uri, "\"": "é"})),
        ] {
            let spliced = of(stored);
            assert_eq!(serde_json::from_str::<Value>(&spliced).unwrap(), expected, "{stored}");
            assert_eq!(spliced.matches("\"uri\":\"at://did").count(), 1, "{spliced}");
        }
    }

    #[test]
    fn everything_else_stays_as_it_is_written() {
        let fields = r#"1.50,"b":"x\/y" , "c":[ ]}"#;
        let prefix = r#"{"uri":"at://did:web:a/b.c.d/e","a":"#;
        assert_eq!(of(&format!("{{\"a\":{fields}")), format!("{prefix}{fields}"));
    }
}
