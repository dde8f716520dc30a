//! `io.atcr.repo.page`: what an owner writes about a repository.

use atproto::Cid;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{moment, repository, text};

/// Bytes of a description.
const MAX_DESCRIPTION: usize = 100_000;

/// A page as it is read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PageRecord {
    pub(crate) repository: String,
    /// Markdown.
    pub(crate) description: Option<String>,
    /// A picture, as a blob of the owner's.
    pub(crate) avatar: Option<Cid>,
    /// In microseconds.
    pub(crate) updated_at: i64,
}

/// A picture that was put where a record can point.
pub(crate) struct Avatar {
    pub(crate) blob: Cid,
    pub(crate) media_type: &'static str,
    pub(crate) size: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    repository: String,
    description: Option<String>,
    avatar: Option<WireBlob>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

#[derive(Deserialize)]
struct WireBlob {
    r#ref: WireLink,
}

#[derive(Deserialize)]
struct WireLink {
    #[serde(rename = "$link")]
    link: String,
}

impl PageRecord {
    /// Reads a record. `None` for what is no page.
    pub(crate) fn parse(json: &str) -> Option<Self> {
        let wire: Wire = serde_json::from_str(json).ok()?;
        Some(Self {
            repository: repository(&wire.repository)?.to_owned(),
            description: wire.description.and_then(|written| text(&written, MAX_DESCRIPTION)),
            avatar: wire.avatar.and_then(|avatar| Cid::parse(&avatar.r#ref.link).ok()),
            updated_at: moment(wire.updated_at.as_deref().or(wire.created_at.as_deref())),
        })
    }
}

impl Avatar {
    /// As a record refers to it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "$type": "blob",
            "ref": { "$link": self.blob.to_string() },
            "mimeType": self.media_type,
            "size": self.size,
        })
    }
}

/// A page as it is written: the one that was there, with what is new in it. What others keep in it stays.
pub(crate) fn page_record(before: Option<&str>, repository: &str, now: &str) -> Map<String, Value> {
    let mut record: Map<String, Value> =
        before.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    record.insert("$type".to_owned(), "io.atcr.repo.page".into());
    record.insert("repository".to_owned(), repository.into());
    record.entry("createdAt").or_insert_with(|| now.into());
    record.insert("updatedAt".to_owned(), now.into());
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_keep_in_it_stays() {
        let before = r#"{"repository":"app","createdAt":"2026-01-01T00:00:00Z","theirs":[1]}"#;
        let mut record = page_record(Some(before), "app", "2026-02-01T00:00:00Z");
        assert_eq!((&record["theirs"], &record["createdAt"]), (&json!([1]), &json!("2026-01-01T00:00:00Z")));
        let avatar = Avatar { blob: Cid::raw_sha256(b"x"), media_type: "image/png", size: 1 };
        record.insert("avatar".to_owned(), avatar.to_json());
        let read = PageRecord::parse(&Value::Object(record).to_string()).unwrap();
        assert_eq!((&*read.repository, read.avatar), ("app", Some(Cid::raw_sha256(b"x"))));
        assert!(page_record(None, "app", "now").contains_key("createdAt"));
        assert_eq!(PageRecord::parse(r#"{"repository":"../app"}"#), None);
    }
}
