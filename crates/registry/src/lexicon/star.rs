//! `io.atcr.sailor.star`: that somebody likes a repository.

use atproto::{AtUri, Did};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::tag::object;
use super::{moment, page_rkey, repository};
use crate::Repository;

/// A star as it is read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StarRecord {
    /// What is liked.
    pub(crate) subject: Repository,
    /// In microseconds.
    pub(crate) created_at: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    subject: WireSubject,
    created_at: Option<String>,
}

/// The page of a repository, which need not exist; older ones name the two in their own fields.
#[derive(Deserialize)]
#[serde(untagged)]
enum WireSubject {
    Uri(String),
    Fields { did: String, repository: String },
}

impl StarRecord {
    /// Reads a record. `None` for what is no star for a repository.
    pub(crate) fn parse(json: &str) -> Option<Self> {
        let Wire { subject, created_at } = serde_json::from_str(json).ok()?;
        let (owner, name) = match subject {
            WireSubject::Fields { did, repository } => (did, repository),
            WireSubject::Uri(uri) => {
                let uri = AtUri::parse(&uri).ok()?;
                let (owner, collection, rkey) = uri.as_record()?;
                if collection.as_str() != "io.atcr.repo.page" {
                    return None;
                }
                (owner.to_string(), rkey.as_str().replace('~', "/"))
            }
        };
        let subject = Repository { owner: Did::parse(&owner).ok()?, name: repository(&name)?.to_owned() };
        Some(Self { subject, created_at: moment(created_at.as_deref()) })
    }
}

/// A star as it is written.
pub(crate) fn star_record(subject: &Repository, now: &str) -> Map<String, Value> {
    let Repository { owner, name } = subject;
    object(json!({
        "$type": "io.atcr.sailor.star",
        "subject": format!("at://{owner}/io.atcr.repo.page/{}", page_rkey(name)),
        "createdAt": now,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_none_passed_over() {
        let subject =
            Repository { owner: Did::parse("did:web:alice.test").unwrap(), name: "team/app".to_owned() };
        let record = star_record(&subject, "2026-01-01T00:00:00Z");
        let read = StarRecord::parse(&Value::Object(record).to_string()).unwrap();
        assert_eq!(read.subject, subject);
        let old = r#"{"subject":{"did":"did:web:alice.test","repository":"team/app"}}"#;
        assert_eq!(StarRecord::parse(old).unwrap().subject, subject);
        for subject in [
            "\"at://did:web:alice.test/io.atcr.tag/app\"",
            "\"at://alice.test/io.atcr.repo.page/app\"",
            "\"at://did:web:alice.test/io.atcr.repo.page\"",
            "\"at://did:web:alice.test/io.atcr.repo.page/App\"",
            "{\"did\":\"alice\",\"repository\":\"app\"}",
            "7",
        ] {
            assert_eq!(StarRecord::parse(&format!("{{\"subject\":{subject}}}")), None, "{subject}");
        }
    }
}
