//! A manifest or an index, and what a server must know of it.

use bytes::Bytes;
use serde_json::{Value, json};

/// A manifest.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// Its media type.
    pub media_type: &'static str,
    /// Its digest.
    pub digest: String,
    /// Its bytes.
    pub bytes: Bytes,
    /// What it says, parsed.
    pub json: Value,
    /// The tags it gets.
    pub tags: Vec<String>,
}

impl Manifest {
    /// Where it is in a repository.
    #[must_use]
    pub fn path(&self) -> String {
        format!("manifests/{}", self.digest)
    }

    /// How others refer to it.
    #[must_use]
    pub fn descriptor(&self) -> Value {
        json!({ "mediaType": self.media_type, "digest": self.digest, "size": self.bytes.len() })
    }

    /// What it is about.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.json["subject"]["digest"].as_str()
    }

    /// What kind of artifact it is to those who ask for referrers: what it says, or what its configuration is.
    #[must_use]
    pub fn artifact_type(&self) -> Option<&str> {
        self.json["artifactType"].as_str().or_else(|| self.json["config"]["mediaType"].as_str())
    }

    /// How it is listed among referrers (spec/registry.md §1.8).
    #[must_use]
    pub fn as_referrer(&self) -> Value {
        let mut descriptor = self.descriptor();
        if let Some(kind) = self.artifact_type() {
            descriptor["artifactType"] = kind.into();
        }
        if let Some(annotations) = self.json.get("annotations") {
            descriptor["annotations"] = annotations.clone();
        }
        descriptor
    }
}
