//! `io.atcr.tag`: what a manifest of a repository is called.

use atproto::{AtUri, Did};
use oci::{Digest, Tag};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::repository;

/// A tag as it is read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TagRecord {
    pub(crate) repository: String,
    pub(crate) tag: Tag,
    pub(crate) digest: Digest,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    repository: String,
    tag: String,
    #[serde(default)]
    manifest: Option<String>,
    #[serde(default)]
    manifest_digest: Option<String>,
}

impl TagRecord {
    /// Reads a record, also an older one, which names the digest only. `None` for what is no tag.
    pub(crate) fn parse(json: &str) -> Option<Self> {
        let wire: Wire = serde_json::from_str(json).ok()?;
        let named = wire.manifest_digest.and_then(|digest| Digest::parse(&digest).ok());
        let digest = named.or_else(|| of_uri(&wire.manifest?))?;
        Some(Self {
            repository: repository(&wire.repository)?.to_owned(),
            tag: Tag::parse(&wire.tag).ok()?,
            digest,
        })
    }
}

/// The digest of the manifest that a URI leads to: its key is one without the algorithm.
fn of_uri(uri: &str) -> Option<Digest> {
    let uri = AtUri::parse(uri).ok()?;
    let hex = uri.rkey()?.as_str().split('.').next()?.to_owned();
    let algorithm = if hex.len() == 64 { "sha256" } else { "sha512" };
    Digest::parse(&format!("{algorithm}:{hex}")).ok()
}

/// A tag as it is written; `manifest` is the record of what it is a tag of.
pub(crate) fn tag_record(
    owner: &Did,
    repository: &str,
    tag: &Tag,
    digest: &Digest,
    manifest_rkey: &str,
    now: &str,
) -> Map<String, Value> {
    let record = json!({
        "$type": "io.atcr.tag",
        "repository": repository,
        "tag": tag.as_str(),
        "manifest": format!("at://{owner}/io.atcr.manifest/{manifest_rkey}"),
        "manifestDigest": digest.to_string(),
        "createdAt": now,
        "updatedAt": now,
    });
    object(record)
}

/// What a literal of braces is.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn what_is_written_is_read() {
        let (owner, tag) = (Did::parse("did:web:alice.test").unwrap(), Tag::parse("v1").unwrap());
        let digest = Digest::of(oci::Algorithm::Sha256, b"");
        let record = tag_record(&owner, "team/app", &tag, &digest, HEX, "2026-01-01T00:00:00Z");
        let read = TagRecord::parse(&Value::Object(record).to_string());
        assert_eq!(read, Some(TagRecord { repository: "team/app".to_owned(), tag, digest }));
    }

    #[test]
    fn others_write_it_in_two_ways() {
        for manifest in [
            format!(r#""manifestDigest":"sha256:{HEX}""#),
            format!(r#""manifest":"at://did:plc:abc234/io.atcr.manifest/{HEX}""#),
            format!(r#""manifest":"at://did:plc:abc234/io.atcr.manifest/{HEX}.abcdefgh""#),
        ] {
            let json = format!(r#"{{"repository":"app","tag":"v1","createdAt":"x",{manifest}}}"#);
            assert_eq!(TagRecord::parse(&json).unwrap().digest.to_hex(), HEX, "{json}");
        }
    }

    #[test]
    fn what_is_none_is_passed_over() {
        for json in [
            "{}",
            "[]",
            r#"{"repository":"app","tag":"v1"}"#,
            r#"{"repository":"App","tag":"v1","manifestDigest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}"#,
            r#"{"repository":"app","tag":"-","manifestDigest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}"#,
            r#"{"repository":"app","tag":"v1","manifest":"at://did:plc:abc234/io.atcr.manifest/self"}"#,
        ] {
            assert_eq!(TagRecord::parse(json), None, "{json}");
        }
    }
}
