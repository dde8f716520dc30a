//! A stored record as it goes out: its JSON untouched, with the record's URI as its first field.

use std::fmt;

use labels::Label;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The fields that we add, quoted.
const OURS: [&str; 2] = ["\"uri\"", "\"_labels\""];

/// Appends `{"uri":URI,` and the fields of `json`, an object as the index stores it; `labels`, if they are wanted, in between
/// as `_labels`. (`labels` is the field in which authors label their own records, and stays as they wrote it.)
///
/// Nothing is parsed as long as the record has no field that could be called like ours itself. If it has one, ours takes its
/// place, so that no reader of duplicate keys ever sees an author's idea of what the record's URI is, or what labelers say.
pub(super) fn push(out: &mut Vec<u8>, uri: &str, json: &str, labels: Option<&[Label]>) {
    out.extend_from_slice(b"{\"uri\":\"");
    // The characters of an AT URI need no escaping in JSON.
    out.extend_from_slice(uri.as_bytes());
    out.push(b'"');
    // Texts and truth values: there is nothing that could fail.
    if let Some(labels) = labels.and_then(|labels| serde_json::to_vec(labels).ok()) {
        out.extend_from_slice(b",\"_labels\":");
        out.extend_from_slice(&labels);
    }
    let ours = if labels.is_some() { &OURS } else { &OURS[..1] };
    if may_have(json, ours) && push_fields_but(out, json, ours).is_ok() {
        out.push(b'}');
        return;
    }
    let fields = json.trim_ascii_start().strip_prefix('{').unwrap_or("}");
    if !fields.trim_ascii_start().starts_with('}') {
        out.push(b',');
    }
    out.extend_from_slice(fields.as_bytes());
}

/// Whether one of its keys, at any depth, could read like one of ours: literally, or with escapes for letters, which begin
/// `\u00`.
fn may_have(json: &str, ours: &[&str]) -> bool {
    json.contains("\\u00") || ours.iter().any(|key| json.contains(key))
}

/// Appends `,"key":value` for each field of an object but ours. On an error, which only text that is not an object
/// causes, nothing is appended.
fn push_fields_but(out: &mut Vec<u8>, json: &str, ours: &[&str]) -> Result<(), serde_json::Error> {
    let before = out.len();
    serde_json::Deserializer::from_str(json)
        .deserialize_map(FieldsBut { out, ours })
        .inspect_err(|_| out.truncate(before))
}

struct FieldsBut<'o> {
    out: &'o mut Vec<u8>,
    ours: &'o [&'o str],
}

impl<'de> Visitor<'de> for FieldsBut<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some((key, value)) = fields.next_entry::<&RawValue, &RawValue>()? {
            if self.ours.iter().any(|ours| reads(key.get(), ours)) {
                continue;
            }
            self.out.push(b',');
            self.out.extend_from_slice(key.get().as_bytes());
            self.out.push(b':');
            self.out.extend_from_slice(value.get().as_bytes());
        }
        Ok(())
    }
}

/// Whether a key, quoted and escaped as it stands in the text, reads like one of ours.
fn reads(key: &str, ours: &str) -> bool {
    let name = ours.trim_matches('"');
    key == ours || (key.contains('\\') && serde_json::from_str::<String>(key).is_ok_and(|key| key == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(json: &str) -> String {
        let mut out = Vec::new();
        push(&mut out, "at://did:plc:a/a.b.c/d", json, None);
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

    #[test]
    fn labels_come_from_labelers() {
        let label = |val: &str| Label {
            src: "did:plc:mod".into(),
            uri: "at://did:plc:a/a.b.c/d".into(),
            cid: None,
            val: val.into(),
            neg: false,
            cts: "2026-01-01T00:00:00Z".into(),
            exp: None,
        };
        let said = r#"{"src":"did:plc:mod","uri":"at://did:plc:a/a.b.c/d","val":"spam","cts":"2026-01-01T00:00:00Z"}"#;
        for (json, rest) in [
            ("{}", ""),
            (r#"{"a":1,"labels":{"values":[]}}"#, r#","a":1,"labels":{"values":[]}"#),
            (r#"{"_labels":[],"a":1}"#, r#","a":1"#),
            (r#"{"\u005flabels":[],"uri":"x","a":1}"#, r#","a":1"#),
        ] {
            let mut out = Vec::new();
            push(&mut out, "at://did:plc:a/a.b.c/d", json, Some(&[label("spam")]));
            let out = String::from_utf8(out).unwrap();
            assert_eq!(
                out,
                format!(r#"{{"uri":"at://did:plc:a/a.b.c/d","_labels":[{said}]{rest}}}"#),
                "{json}"
            );
        }
        // Who does not ask is told what is stored.
        assert_eq!(entry(r#"{"_labels":[]}"#), r#"{"uri":"at://did:plc:a/a.b.c/d","_labels":[]}"#);
    }
}
