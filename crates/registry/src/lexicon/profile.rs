//! `io.atcr.sailor.profile`: what somebody has set for themselves.

use atproto::Did;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A profile as it is read; fields that make no sense are as if they were not there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ProfileRecord {
    /// Where their blobs go, if they have chosen.
    pub(crate) default_hold: Option<String>,
    /// Whether manifests go with their last tag.
    pub(crate) auto_remove_untagged: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(default)]
    default_hold: Value,
    #[serde(default)]
    auto_remove_untagged: Value,
}

impl ProfileRecord {
    /// Reads a record.
    pub(crate) fn parse(json: &str) -> Option<Self> {
        let wire: Wire = serde_json::from_str(json).ok()?;
        Some(Self {
            default_hold: wire.default_hold.as_str().map(str::to_owned),
            auto_remove_untagged: wire.auto_remove_untagged.as_bool().unwrap_or_default(),
        })
    }
}

/// A profile as it is written: the one that was there, with what is new in it. What others keep in it stays.
pub(crate) fn changed_profile(
    before: Option<&str>,
    default_hold: Option<&Did>,
    auto_remove_untagged: bool,
    now: &str,
) -> Map<String, Value> {
    let mut record: Map<String, Value> =
        before.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    record.insert("$type".to_owned(), "io.atcr.sailor.profile".into());
    record.entry("createdAt").or_insert_with(|| now.into());
    record.insert("updatedAt".to_owned(), now.into());
    match default_hold {
        Some(hold) => record.insert("defaultHold".to_owned(), hold.as_str().into()),
        None => record.remove("defaultHold"),
    };
    record.insert("autoRemoveUntagged".to_owned(), auto_remove_untagged.into());
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_keep_in_it_stays() {
        let before = r#"{"createdAt":"2026-01-01T00:00:00Z","defaultHold":null,"theirs":{"a":1}}"#;
        assert_eq!(ProfileRecord::parse(before), Some(ProfileRecord::default()));
        let hold = Did::parse("did:web:hold.test").unwrap();
        let record = changed_profile(Some(before), Some(&hold), true, "2026-02-01T00:00:00Z");
        assert_eq!(
            (&record["theirs"]["a"], &record["createdAt"]),
            (&1.into(), &"2026-01-01T00:00:00Z".into())
        );
        let read = ProfileRecord::parse(&Value::Object(record).to_string()).unwrap();
        assert_eq!((read.default_hold.as_deref(), read.auto_remove_untagged), (Some(hold.as_str()), true));
    }
}
