//! What a repository is asked to do.

use atproto::{Cid, Did, Nsid, RecordKey};
use serde_json::{Map, Value, json};

/// One write to one record. Which repository it goes to is decided by the [`RepoWriter`](super::RepoWriter) alone.
#[derive(Clone, Debug, PartialEq)]
pub enum RepoWrite {
    /// Makes a record (`com.atproto.repo.createRecord`).
    Create {
        /// Where.
        collection: Nsid,
        /// Its key, if it is not for the repository's server to choose.
        rkey: Option<RecordKey>,
        /// Its content, `$type` included.
        record: Map<String, Value>,
    },
    /// Makes or replaces a record (`com.atproto.repo.putRecord`).
    Put {
        /// Where.
        collection: Nsid,
        /// Which.
        rkey: RecordKey,
        /// Its new content, `$type` included.
        record: Map<String, Value>,
    },
    /// Makes or replaces a record, if what is there is what was expected (`com.atproto.repo.putRecord` with `swapRecord`).
    Swap {
        /// Where.
        collection: Nsid,
        /// Which.
        rkey: RecordKey,
        /// Its new content, `$type` included.
        record: Map<String, Value>,
        /// The version that must be there; nothing if there must be none.
        expected: Option<Cid>,
    },
    /// Removes a record, if it is there (`com.atproto.repo.deleteRecord`).
    Delete {
        /// Where.
        collection: Nsid,
        /// Which.
        rkey: RecordKey,
    },
}

impl RepoWrite {
    /// The collection it writes to.
    #[must_use]
    pub fn collection(&self) -> &Nsid {
        match self {
            Self::Create { collection, .. }
            | Self::Put { collection, .. }
            | Self::Swap { collection, .. }
            | Self::Delete { collection, .. } => collection,
        }
    }

    /// The key it asks for, if it asks for one.
    #[must_use]
    pub fn rkey(&self) -> Option<&RecordKey> {
        match self {
            Self::Create { rkey, .. } => rkey.as_ref(),
            Self::Put { rkey, .. } | Self::Swap { rkey, .. } | Self::Delete { rkey, .. } => Some(rkey),
        }
    }

    /// What is to be written; nothing when something is removed.
    #[must_use]
    pub fn record(&self) -> Option<&Map<String, Value>> {
        match self {
            Self::Create { record, .. } | Self::Put { record, .. } | Self::Swap { record, .. } => {
                Some(record)
            }
            Self::Delete { .. } => None,
        }
    }

    /// The method that asks a PDS for it.
    #[must_use]
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "each of the three is an NSID")]
    pub fn method(&self) -> Nsid {
        let name = match self {
            Self::Create { .. } => "com.atproto.repo.createRecord",
            Self::Put { .. } | Self::Swap { .. } => "com.atproto.repo.putRecord",
            Self::Delete { .. } => "com.atproto.repo.deleteRecord",
        };
        Nsid::parse(name).expect("an NSID")
    }

    /// What that method is sent, for the repository of `did`.
    #[must_use]
    pub fn input(&self, did: &Did) -> Value {
        let mut input = json!({ "repo": did.as_str(), "collection": self.collection().as_str() });
        if let Some(rkey) = self.rkey() {
            input["rkey"] = rkey.as_str().into();
        }
        if let Some(record) = self.record() {
            input["record"] = Value::Object(record.clone());
        }
        if let Self::Swap { expected, .. } = self {
            input["swapRecord"] = json!(expected.map(|cid| cid.to_string()));
        }
        input
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_write_is_one_method() {
        let repo = Did::parse("did:web:alice.example").unwrap();
        let collection = Nsid::parse("com.example.note").unwrap();
        let rkey = RecordKey::parse("a").unwrap();
        let record = Map::from_iter([("text".to_owned(), json!("hi"))]);
        let create = RepoWrite::Create { collection: collection.clone(), rkey: None, record: record.clone() };
        let named = RepoWrite::Create {
            collection: collection.clone(),
            rkey: Some(rkey.clone()),
            record: record.clone(),
        };
        let put =
            RepoWrite::Put { collection: collection.clone(), rkey: rkey.clone(), record: record.clone() };
        let cid = Cid::raw_sha256(b"before");
        let swap = |expected| RepoWrite::Swap {
            collection: collection.clone(),
            rkey: rkey.clone(),
            record: record.clone(),
            expected,
        };
        let (fresh, changed) = (swap(None), swap(Some(cid)));
        let delete = RepoWrite::Delete { collection: collection.clone(), rkey: rkey.clone() };
        let (repo_of, text) = (json!("did:web:alice.example"), json!({ "text": "hi" }));
        let note = json!("com.example.note");
        for (write, name, expected) in [
            (create, "createRecord", json!({ "repo": repo_of, "collection": note, "record": text })),
            (
                named,
                "createRecord",
                json!({ "repo": repo_of, "collection": note, "rkey": "a", "record": text }),
            ),
            (put, "putRecord", json!({ "repo": repo_of, "collection": note, "rkey": "a", "record": text })),
            (
                fresh,
                "putRecord",
                json!({ "repo": repo_of, "collection": note, "rkey": "a", "record": text, "swapRecord": null }),
            ),
            (
                changed,
                "putRecord",
                json!({ "repo": repo_of, "collection": note, "rkey": "a", "record": text, "swapRecord": cid.to_string() }),
            ),
            (delete, "deleteRecord", json!({ "repo": repo_of, "collection": note, "rkey": "a" })),
        ] {
            assert_eq!(write.method().as_str(), format!("com.atproto.repo.{name}"));
            assert_eq!(write.input(&repo), expected);
        }
    }
}
