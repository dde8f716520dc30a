//! What `io.atcr.manifest` says of a manifest besides what it is pulled by: for people, not for clients.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{moment, text};

/// Platforms that are told of an index.
const MAX_PLATFORMS: usize = 32;

/// Annotations that are kept, and bytes of each.
const MAX_ANNOTATIONS: usize = 64;
const MAX_VALUE: usize = 4 << 10;

/// Bytes of a title and of a description.
const MAX_TITLE: usize = 256;
const MAX_DESCRIPTION: usize = 1024;

/// What people call a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Image,
    Index,
    Chart,
    Other,
}

/// A manifest as pages show it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PushRecord {
    /// In microseconds, and never later than now.
    pub(crate) created_at: i64,
    pub(crate) kind: Kind,
    /// What it names comes to so many bytes.
    pub(crate) size: u64,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) platforms: Vec<String>,
    pub(crate) annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(default)]
    media_type: String,
    created_at: Option<String>,
    config: Option<WirePart>,
    #[serde(default)]
    layers: Vec<WirePart>,
    #[serde(default)]
    manifests: Vec<WirePart>,
    #[serde(default)]
    annotations: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WirePart {
    #[serde(default)]
    size: u64,
    #[serde(default)]
    media_type: String,
    platform: Option<WirePlatform>,
}

#[derive(Deserialize)]
struct WirePlatform {
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    os: String,
    variant: Option<String>,
}

impl Kind {
    /// As the column has it.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Image => 0,
            Self::Index => 1,
            Self::Chart => 2,
            Self::Other => 3,
        }
    }

    /// The same, read.
    pub(crate) fn of_number(number: i64) -> Self {
        match number {
            0 => Self::Image,
            1 => Self::Index,
            2 => Self::Chart,
            _ => Self::Other,
        }
    }

    /// By the type of a config.
    pub(crate) fn of_config(media_type: &str) -> Self {
        match media_type {
            "application/vnd.oci.image.config.v1+json" | "application/vnd.docker.container.image.v1+json" => {
                Self::Image
            }
            "application/vnd.cncf.helm.config.v1+json" => Self::Chart,
            _ => Self::Other,
        }
    }
}

impl PushRecord {
    /// Reads a record that [is a manifest](super::ManifestRecord).
    pub(crate) fn parse(json: &str) -> Option<Self> {
        let wire: Wire = serde_json::from_str(json).ok()?;
        let kind = match &wire.config {
            _ if wire.media_type.contains("index") || wire.media_type.contains("list") => Kind::Index,
            Some(config) => Kind::of_config(&config.media_type),
            None => Kind::Other,
        };
        let parts = wire.config.iter().chain(&wire.layers).chain(&wire.manifests);
        let size = parts.fold(0_u64, |sum, part| sum.saturating_add(part.size.min(oci::MAX_SIZE)));
        let mut platforms: Vec<_> = wire.manifests.iter().filter_map(WirePart::platform).collect();
        platforms.sort_unstable();
        platforms.dedup();
        platforms.truncate(MAX_PLATFORMS);
        let kept = wire
            .annotations
            .into_iter()
            .take(MAX_ANNOTATIONS)
            .filter_map(|(key, value)| Some((text(&key, MAX_TITLE)?, text(value.as_str()?, MAX_VALUE)?)));
        let annotations: BTreeMap<_, _> = kept.collect();
        let said = |name, most| annotations.get(name).and_then(|value| text(value, most));
        Some(Self {
            created_at: moment(wire.created_at.as_deref()),
            kind,
            size: size.min(oci::MAX_SIZE),
            title: said("org.opencontainers.image.title", MAX_TITLE),
            description: said("org.opencontainers.image.description", MAX_DESCRIPTION),
            platforms,
            annotations,
        })
    }
}

impl WirePart {
    /// Where it runs, `linux/arm64/v8`; nothing of what runs nowhere, as an attestation does.
    fn platform(&self) -> Option<String> {
        let WirePlatform { architecture, os, variant } = self.platform.as_ref()?;
        let is_known = |name: &str| !name.is_empty() && name != "unknown" && name.len() <= 64;
        if !is_known(os) || !is_known(architecture) {
            return None;
        }
        let variant = variant.as_deref().filter(|variant| is_known(variant));
        let variant = variant.map(|variant| format!("/{variant}")).unwrap_or_default();
        text(&format!("{os}/{architecture}{variant}"), MAX_TITLE)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn platforms_and_annotations_are_told_within_bounds() {
        let of =
            |os, architecture| json!({ "size": 7, "platform": { "os": os, "architecture": architecture } });
        let mut annotations: serde_json::Map<_, _> =
            (0..200).map(|n| (format!("z{n}"), "x".repeat(9000).into())).collect();
        annotations.insert("org.opencontainers.image.title".to_owned(), "An\0 app".into());
        annotations.insert("a".to_owned(), 7.into());
        let record = json!({
            "mediaType": "application/vnd.oci.image.index.v1+json",
            "createdAt": "9999-01-01T00:00:00Z",
            "manifests": [of("linux", "arm64"), of("linux", "amd64"), of("unknown", "unknown"), of("linux", "amd64")],
            "annotations": annotations,
        });
        let push = PushRecord::parse(&record.to_string()).unwrap();
        assert_eq!(push.platforms, ["linux/amd64", "linux/arm64"]);
        assert_eq!((push.kind, push.size, push.title.as_deref()), (Kind::Index, 28, Some("An app")));
        assert!(push.created_at <= clock::now_micros(), "nothing was pushed in the future");
        assert!(push.annotations.len() <= MAX_ANNOTATIONS);
        assert!(push.annotations.values().all(|value| value.len() <= MAX_VALUE));
    }

    #[test]
    fn a_chart_is_none_of_an_image() {
        for (config, kind) in [
            ("application/vnd.cncf.helm.config.v1+json", Kind::Chart),
            ("application/vnd.oci.image.config.v1+json", Kind::Image),
            ("application/vnd.oci.empty.v1+json", Kind::Other),
        ] {
            let record = json!({ "config": { "mediaType": config, "size": 1 }, "createdAt": "yesterday" });
            let push = PushRecord::parse(&record.to_string()).unwrap();
            assert_eq!((push.kind, push.created_at, Kind::of_number(kind.number())), (kind, 0, kind));
        }
    }
}
