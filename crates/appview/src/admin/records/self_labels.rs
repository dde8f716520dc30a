//! Labels that authors put on their own records (spec/appview.md §8.1).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A label as the admin API shows it.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Label<'r> {
    src: &'r str,
    uri: &'r str,
    val: String,
    cts: &'static str,
}

/// `labels.values[].val` of a record, whose author is the source of the labels. The record is parsed only if it may have
/// some; what does not have the shape of labels is none.
pub(super) fn of<'r>(did: &'r str, uri: &'r str, json: &str) -> Vec<Label<'r>> {
    #[derive(Deserialize)]
    struct Record {
        labels: Labels,
    }
    #[derive(Deserialize)]
    struct Labels {
        values: Vec<Value>,
    }
    if !json.contains("\"labels\"") {
        return Vec::new();
    }
    let values = serde_json::from_str::<Record>(json).map(|record| record.labels.values).unwrap_or_default();
    let label =
        |value: &Value| Some(Label { src: did, uri, val: value.get("val")?.as_str()?.to_owned(), cts: "" });
    values.iter().filter_map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vals(json: &str) -> Vec<String> {
        of("did:plc:a", "at://did:plc:a/a.b.c/d", json).into_iter().map(|label| label.val).collect()
    }

    #[test]
    fn are_what_the_record_says() {
        let json =
            r#"{"labels":{"$type":"com.atproto.label.defs#selfLabels","values":[{"val":"a"},{"val":"b"}]}}"#;
        assert_eq!(vals(json), ["a", "b"]);
    }

    #[test]
    fn nonsense_is_none() {
        for json in [
            r#"{"labels":"x"}"#,
            r#"{"labels":{"values":{}}}"#,
            r#"{"labels":{"values":[1,{"val":2},{}]}}"#,
            r#"{"a":{"labels":{"values":[{"val":"x"}]}}}"#,
            "{}",
        ] {
            assert!(vals(json).is_empty(), "{json}");
        }
    }
}
