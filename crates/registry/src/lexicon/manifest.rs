//! `io.atcr.manifest`: that a manifest is in a repository, and what of it can be said in a record. The manifest itself is a blob.

use atproto::{Cid, Did};
use oci::{Content, Descriptor, Digest, Manifest, ManifestType, Platform};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::repository;
use super::tag::object;

/// Descriptors that are copied into a record, at most; the truth is the blob.
const MAX_COPIED: usize = 500;

/// Bytes of annotations that are copied into a record, at most.
const MAX_ANNOTATIONS: usize = 64 << 10;

/// A manifest as it is read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ManifestRecord {
    pub(crate) repository: String,
    pub(crate) digest: Digest,
    pub(crate) media_type: ManifestType,
    /// Its bytes, as a blob of the repository, and how many they are.
    pub(crate) blob: Option<(Cid, u64)>,
    /// Where its blobs are.
    pub(crate) hold: Option<Did>,
    /// The manifest that it is about.
    pub(crate) subject: Option<Digest>,
    pub(crate) parts: Vec<Part>,
    /// Whether it is as long as a record gets, so that the manifest may name more.
    pub(crate) is_cut: bool,
}

/// What a manifest names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) kind: PartKind,
    pub(crate) digest: Digest,
    /// In bytes.
    pub(crate) size: u64,
    pub(crate) media_type: String,
}

/// What a part is to its manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PartKind {
    Config,
    Layer,
    Manifest,
}

impl PartKind {
    /// As the column has it.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Config => 0,
            Self::Layer => 1,
            Self::Manifest => 2,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    repository: String,
    digest: String,
    media_type: String,
    #[serde(default)]
    hold_did: Option<String>,
    #[serde(default)]
    config: Option<WirePart>,
    #[serde(default)]
    layers: Vec<WirePart>,
    #[serde(default)]
    manifests: Vec<WirePart>,
    #[serde(default)]
    subject: Option<WirePart>,
    #[serde(default)]
    manifest_blob: Option<WireBlob>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WirePart {
    digest: String,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    media_type: String,
}

#[derive(Deserialize)]
struct WireBlob {
    r#ref: WireLink,
    #[serde(default)]
    size: u64,
}

#[derive(Deserialize)]
struct WireLink {
    #[serde(rename = "$link")]
    link: String,
}

impl ManifestRecord {
    /// Reads a record. `None` for what is no manifest; parts that cannot be read are left out.
    pub(crate) fn parse(json: &str) -> Option<Self> {
        let wire: Wire = serde_json::from_str(json).ok()?;
        let digest = Digest::parse(&wire.digest).ok()?;
        let is_cut = wire.layers.len().max(wire.manifests.len()) >= MAX_COPIED;
        let of = |kind| move |part| Part::read(kind, part);
        let parts = (wire.config.into_iter().filter_map(of(PartKind::Config)))
            .chain(wire.layers.into_iter().filter_map(of(PartKind::Layer)))
            .chain(wire.manifests.into_iter().filter_map(of(PartKind::Manifest)));
        let blob = wire.manifest_blob.and_then(|blob| Some((Cid::parse(&blob.r#ref.link).ok()?, blob.size)));
        Some(Self {
            repository: repository(&wire.repository)?.to_owned(),
            media_type: ManifestType::parse(&wire.media_type)?,
            blob: blob.or_else(|| Some((blob_of(&digest)?, 0))),
            hold: wire.hold_did.and_then(|did| Did::parse(&did).ok()),
            subject: wire.subject.and_then(|subject| Digest::parse(&subject.digest).ok()),
            parts: parts.collect(),
            is_cut,
            digest,
        })
    }
}

impl Part {
    /// All that a manifest names, as its record would if it could be as long.
    pub(crate) fn all(manifest: &Manifest<'_>) -> Vec<Self> {
        let of = |kind| {
            move |descriptor: &Descriptor<'_>| {
                // What no database takes is no type either.
                let media_type = descriptor.media_type.replace('\0', "");
                Self { kind, digest: descriptor.digest, size: descriptor.size, media_type }
            }
        };
        match &manifest.content {
            Content::Image { config, layers } => {
                let config = std::iter::once(of(PartKind::Config)(config));
                config.chain(layers.iter().map(of(PartKind::Layer))).collect()
            }
            Content::Index { manifests } => manifests.iter().map(of(PartKind::Manifest)).collect(),
        }
    }

    fn read(kind: PartKind, wire: WirePart) -> Option<Self> {
        let WirePart { digest, size, media_type } = wire;
        let digest = Digest::parse(&digest).ok()?;
        (size <= oci::MAX_SIZE).then_some(Self { kind, digest, size, media_type })
    }
}

/// The address that bytes of this digest have as a blob, which follows from their SHA-256.
pub(crate) fn blob_of(digest: &Digest) -> Option<Cid> {
    let Digest::Sha256(hash) = digest else { return None };
    let mut cid = [0; 36];
    // CIDv1, raw, SHA-256 of 32 bytes.
    cid[..4].copy_from_slice(&[0x01, 0x55, 0x12, 0x20]);
    cid[4..].copy_from_slice(hash);
    Cid::from_bytes(&cid)
}

/// A manifest as it is written. `size` is how many bytes the blob has.
pub(crate) fn manifest_record(
    repository: &str,
    digest: &Digest,
    manifest: &Manifest<'_>,
    (blob, size): (Cid, usize),
    hold: &Did,
    now: &str,
) -> Map<String, Value> {
    let mut record = object(json!({
        "$type": "io.atcr.manifest",
        "repository": repository,
        "digest": digest.to_string(),
        "mediaType": manifest.media_type.as_str(),
        "schemaVersion": 2,
        "createdAt": now,
        "holdDid": hold.as_str(),
        "manifestBlob": {
            "$type": "blob",
            "ref": { "$link": blob.to_string() },
            "mimeType": manifest.media_type.as_str(),
            "size": size,
        },
    }));
    match &manifest.content {
        Content::Image { config, layers } => {
            record.insert("config".to_owned(), part(config));
            let layers: Vec<Value> = layers.iter().take(MAX_COPIED).map(part).collect();
            record.insert("layers".to_owned(), layers.into());
        }
        Content::Index { manifests } => {
            let manifests: Vec<Value> = manifests.iter().take(MAX_COPIED).map(reference).collect();
            record.insert("manifests".to_owned(), manifests.into());
        }
    }
    if let Some(subject) = &manifest.subject {
        record.insert("subject".to_owned(), part(subject));
    }
    if let Some(annotations) = manifest.annotations.filter(|map| map.as_json().len() <= MAX_ANNOTATIONS) {
        let mut map = annotations.to_map();
        map.retain(|key, value| !key.starts_with('$') && is_storable(key) && is_storable(value));
        record.insert("annotations".to_owned(), json!(map));
    }
    record
}

fn part(descriptor: &Descriptor<'_>) -> Value {
    json!({
        "mediaType": descriptor.media_type,
        "size": descriptor.size,
        "digest": descriptor.digest.to_string(),
    })
}

/// Whether a record may have this text.
fn is_storable(text: &str) -> bool {
    !text.contains('\0')
}

/// One of an index, with where it runs.
fn reference(descriptor: &Descriptor<'_>) -> Value {
    let mut reference = part(descriptor);
    let texts = |platform: &Platform| {
        let optional = [&platform.os_version, &platform.variant].into_iter().flatten();
        optional.chain([&platform.architecture, &platform.os]).all(|text| is_storable(text))
    };
    if let Some(platform) = descriptor.platform.as_ref().filter(|platform| texts(platform)) {
        let mut written = json!({ "architecture": platform.architecture, "os": platform.os });
        if let Some(version) = &platform.os_version {
            written["osVersion"] = version.as_str().into();
        }
        if let Some(variant) = &platform.variant {
            written["variant"] = variant.as_str().into();
        }
        reference["platform"] = written;
    }
    reference
}

#[cfg(test)]
mod tests {
    use oci::{Algorithm, Limits};

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let layer = Digest::of(Algorithm::Sha256, b"layer");
        let bytes = json!({
            "schemaVersion": 2,
            "config": { "mediaType": "application/vnd.oci.empty.v1+json", "digest": layer.to_string(), "size": 5 },
            "layers": [{ "mediaType": "application/octet-stream", "digest": layer.to_string(), "size": 5 }],
            "subject": { "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": layer.to_string(), "size": 5 },
            "annotations": { "a": "b" },
        })
        .to_string();
        let manifest = Manifest::parse(bytes.as_bytes(), None, &Limits::default()).unwrap();
        let digest = Digest::of(Algorithm::Sha256, bytes.as_bytes());
        let (cid, hold) = (Cid::raw_sha256(bytes.as_bytes()), Did::parse("did:web:hold.test").unwrap());
        let record =
            manifest_record("app", &digest, &manifest, (cid, bytes.len()), &hold, "2026-01-01T00:00:00Z");
        assert_eq!(record["annotations"]["a"], "b");
        let read = ManifestRecord::parse(&Value::Object(record).to_string()).unwrap();
        assert_eq!((read.digest, read.subject, read.hold), (digest, Some(layer), Some(hold)));
        assert_eq!(read.blob, Some((cid, bytes.len() as u64)));
        assert_eq!(blob_of(&digest), Some(cid));
        assert_eq!(
            read.parts.iter().map(|part| part.kind).collect::<Vec<_>>(),
            [PartKind::Config, PartKind::Layer]
        );
    }

    #[test]
    fn what_is_none_is_passed_over() {
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let good = format!(
            r#"{{"repository":"app","digest":"sha256:{hex}","mediaType":"application/vnd.oci.image.index.v1+json"}}"#
        );
        assert!(ManifestRecord::parse(&good).is_some());
        for (from, to) in [("app", "../app"), ("sha256", "md5"), ("index", "nothing"), ("repository", "repo")]
        {
            assert_eq!(ManifestRecord::parse(&good.replace(from, to)), None, "{to}");
        }
    }
}
