//! Lists of the manifests that are about another one (spec/registry.md §1.8).

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::Value;

use crate::{Annotations, Digest, Manifest, ManifestType};

/// The type of a list, which is an index like any other.
pub const MEDIA_TYPE: ManifestType = ManifestType::OciIndex;

/// One entry: what clients are told of a manifest before they fetch it.
#[derive(Debug, Clone)]
pub struct Referrer<'b> {
    /// The manifest's type.
    pub media_type: ManifestType,
    /// Its digest.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// What kind of artifact it is.
    pub artifact_type: Option<Cow<'b, str>>,
    /// All its annotations, as they were written.
    pub annotations: Option<Annotations<'b>>,
}

impl<'b> Referrer<'b> {
    /// The entry of a manifest that has this digest and this many bytes.
    #[must_use]
    pub fn of(manifest: &'b Manifest<'_>, digest: Digest, size: u64) -> Self {
        Self {
            media_type: manifest.media_type,
            digest,
            size,
            artifact_type: manifest.effective_artifact_type().map(Cow::Borrowed),
            annotations: manifest.annotations,
        }
    }

    /// Whether it belongs into a list of this `artifactType`; without one everything does.
    #[must_use]
    pub fn matches(&self, artifact_type: Option<&str>) -> bool {
        artifact_type.is_none_or(|wanted| self.artifact_type.as_deref() == Some(wanted))
    }

    fn write(&self, body: &mut String) {
        let (media_type, digest, size) = (self.media_type, self.digest, self.size);
        let _ = write!(body, r#"{{"mediaType":"{media_type}","digest":"{digest}","size":{size}"#);
        if let Some(artifact_type) = &self.artifact_type {
            let _ = write!(body, r#","artifactType":{}"#, Value::from(&**artifact_type));
        }
        if let Some(annotations) = self.annotations {
            body.extend([r#","annotations":"#, annotations.as_json()]);
        }
        body.push('}');
    }
}

/// A list that is being written: of entries of one type, or of all.
#[derive(Debug)]
pub struct List<'t> {
    artifact_type: Option<&'t str>,
    body: String,
    is_empty: bool,
}

impl<'t> List<'t> {
    /// One without entries.
    #[must_use]
    pub fn new(artifact_type: Option<&'t str>) -> Self {
        let body = format!(r#"{{"schemaVersion":2,"mediaType":"{MEDIA_TYPE}","manifests":["#);
        Self { artifact_type, body, is_empty: true }
    }

    /// Adds an entry, if it is of the type.
    pub fn add(&mut self, entry: &Referrer<'_>) {
        if entry.matches(self.artifact_type) {
            if !std::mem::take(&mut self.is_empty) {
                self.body.push(',');
            }
            entry.write(&mut self.body);
        }
    }

    /// How many bytes it has so far.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "also a list of nothing has bytes")]
    pub fn len(&self) -> usize {
        self.body.len()
    }

    /// The list as clients get it.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.body.push_str("]}");
        self.body
    }
}

/// The list of those entries that are of `artifact_type`, or of all.
#[must_use]
pub fn index<'b>(entries: impl IntoIterator<Item = Referrer<'b>>, artifact_type: Option<&str>) -> String {
    let mut list = List::new(artifact_type);
    for entry in entries {
        list.add(&entry);
    }
    list.finish()
}
