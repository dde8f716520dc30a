//! What an author says of their own record (`com.atproto.label.defs#selfLabels`).

use atproto::AtUri;
use serde::Deserialize;
use serde_json::value::RawValue;

use atproto::label::Label;

/// Values that count, and their length (`com.atproto.label.defs#selfLabels`).
const MAX_VALUES: usize = 10;
const MAX_VALUE_BYTES: usize = 128;

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    labels: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Values<'a> {
    #[serde(borrow)]
    values: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Value {
    val: String,
}

/// The labels in a record: their source is the author, and when they were said is not known, so that [`Label::cts`] is
/// empty. Whatever is not of the form is passed over.
#[must_use]
pub fn self_labels(uri: &str, record: &str) -> Vec<Label> {
    let Some(author) = AtUri::parse(uri).ok().and_then(|uri| uri.did().cloned()) else { return Vec::new() };
    let labels = serde_json::from_str::<Record<'_>>(record).ok().and_then(|record| record.labels);
    let values = labels.and_then(|labels| serde_json::from_str::<Values<'_>>(labels.get()).ok());
    values
        .into_iter()
        .flat_map(|values| values.values)
        .filter_map(|value| serde_json::from_str::<Value>(value.get()).ok())
        .map(|value| value.val)
        .filter(|val| !val.is_empty() && val.len() <= MAX_VALUE_BYTES)
        .take(MAX_VALUES)
        .map(|val| Label {
            src: author.to_string(),
            uri: uri.to_owned(),
            cid: None,
            val,
            neg: false,
            cts: String::new(),
            exp: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const URI: &str = "at://did:plc:alice/com.example.note/1";

    fn values(record: &str) -> Vec<String> {
        self_labels(URI, record).into_iter().map(|label| label.val).collect()
    }

    #[test]
    fn the_author_is_the_source() {
        let labels = self_labels(URI, r#"{"text":"hi","labels":{"values":[{"val":"nudity"}]}}"#);
        let [label] = &labels[..] else { panic!("{labels:?}") };
        assert_eq!(
            (label.src.as_str(), label.uri.as_str(), label.val.as_str()),
            ("did:plc:alice", URI, "nudity")
        );
        assert_eq!(label.cts, "");
    }

    #[test]
    fn what_is_not_of_the_form_is_passed_over() {
        for record in
            ["", "[]", "{}", r#"{"labels":null}"#, r#"{"labels":[1]}"#, r#"{"labels":{"values":{}}}"#]
        {
            assert!(values(record).is_empty(), "{record}");
        }
        let mixed =
            r#"{"labels":{"values":[1,{"val":2},{"val":""},{"val":"a"},{"value":"b"},{"val":"c","x":[]}]}}"#;
        assert_eq!(values(mixed), ["a", "c"]);
    }

    #[test]
    fn their_number_is_bounded() {
        let many = format!(r#"{{"labels":{{"values":[{}]}}}}"#, vec![r#"{"val":"a"}"#; 1000].join(","));
        assert_eq!(values(&many).len(), MAX_VALUES);
    }
}
