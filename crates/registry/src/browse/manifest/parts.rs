//! What a manifest is made of: layers with the commands that made them, or one row for each platform.

use std::collections::BTreeMap;

use oci::{Annotations, Descriptor};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::config::ConfigView;

/// Of an entry of an index: that it says where another entry comes from, and which.
const KIND: &str = "vnd.docker.reference.type";
const SUBJECT: &str = "vnd.docker.reference.digest";

/// A layer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegistryLayer)]
pub(in crate::browse) struct LayerView {
    digest: String,
    media_type: String,
    /// In bytes.
    size: u64,
    /// The step that made it, if the config says.
    #[schema(required)]
    command: Option<String>,
    /// Its annotation `org.opencontainers.image.title`: the name of a file, in artifacts.
    #[schema(required)]
    title: Option<String>,
}

/// An entry of an index.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegistryIndexEntry)]
pub(in crate::browse) struct EntryView {
    digest: String,
    media_type: String,
    /// Of the manifest itself, in bytes.
    size: u64,
    /// `linux/arm64/v8`; null where it runs nowhere in particular.
    #[schema(required)]
    platform: Option<String>,
    #[schema(required)]
    os_version: Option<String>,
    /// The digests of manifests that say where it comes from, which are no platforms of their own.
    attestations: Vec<String>,
}

fn said(annotations: Option<Annotations<'_>>) -> BTreeMap<String, String> {
    annotations.map(Annotations::to_map).unwrap_or_default()
}

/// The layers in their order. Steps that left none are passed over; what is not a step for each layer is believed for none.
pub(super) fn layers(layers: &[Descriptor<'_>], config: Option<&ConfigView>) -> Vec<LayerView> {
    let steps = config.into_iter().flat_map(|config| &config.history).filter(|step| !step.empty);
    let commands: Vec<_> = steps.map(|step| step.command.clone()).collect();
    let fits = commands.len() == layers.len();
    let views = layers.iter().enumerate().map(|(at, layer)| LayerView {
        digest: layer.digest.to_string(),
        media_type: layer.media_type.to_string(),
        size: layer.size,
        command: commands.get(at).filter(|_| fits).cloned().flatten(),
        title: said(layer.annotations).remove("org.opencontainers.image.title"),
    });
    views.collect()
}

/// The entries of an index, with those folded into others that are about them.
pub(super) fn entries(manifests: &[Descriptor<'_>]) -> Vec<EntryView> {
    let mut about: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut shown = Vec::new();
    for manifest in manifests {
        let mut annotations = said(manifest.annotations);
        let is_attestation = annotations.get(KIND).is_some_and(|kind| kind == "attestation-manifest");
        match annotations.remove(SUBJECT).filter(|_| is_attestation) {
            Some(subject) => about.entry(subject).or_default().push(manifest.digest.to_string()),
            None => shown.push(manifest),
        }
    }
    let mut entries: Vec<EntryView> = shown.into_iter().map(entry).collect();
    for entry in &mut entries {
        // Of two entries for one manifest the first has them.
        entry.attestations = about.remove(&entry.digest).unwrap_or_default();
    }
    // What is about something else is not hidden.
    let left: Vec<_> = about.into_values().flatten().collect();
    let left = manifests.iter().filter(|manifest| left.contains(&manifest.digest.to_string()));
    entries.extend(left.map(entry));
    entries
}

fn entry(manifest: &Descriptor<'_>) -> EntryView {
    let platform = manifest.platform.as_ref();
    let known = platform.filter(|platform| !platform.os.is_empty() && platform.os != "unknown");
    EntryView {
        digest: manifest.digest.to_string(),
        media_type: manifest.media_type.to_string(),
        size: manifest.size,
        platform: known.map(|platform| {
            let variant = platform.variant.iter().map(|variant| format!("/{variant}"));
            format!("{}/{}{}", platform.os, platform.architecture, variant.collect::<String>())
        }),
        os_version: platform.and_then(|platform| platform.os_version.clone()),
        attestations: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use oci::{Algorithm, Content, Digest, Limits, Manifest};
    use serde_json::json;

    use super::*;

    #[test]
    fn attestations_are_folded_into_what_they_are_about() {
        let digest = |text: &str| Digest::of(Algorithm::Sha256, text.as_bytes()).to_string();
        let of = |name: &str, platform: &str, about: Option<&str>| {
            let mut entry = json!({
                "mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 7, "digest": digest(name),
                "platform": { "os": platform, "architecture": platform },
            });
            if let Some(about) = about {
                entry["annotations"] = json!({ KIND: "attestation-manifest", SUBJECT: digest(about) });
            }
            entry
        };
        let bytes = json!({
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": [of("a", "linux", None), of("b", "unknown", Some("a")), of("c", "unknown", Some("gone"))],
        })
        .to_string();
        let manifest = Manifest::parse(bytes.as_bytes(), None, &Limits::default()).unwrap();
        let Content::Index { manifests } = &manifest.content else { panic!() };
        let entries = entries(manifests);
        assert_eq!(entries[0].attestations, [digest("b")]);
        let shown: Vec<_> = entries.iter().map(|entry| (&*entry.digest, entry.platform.as_deref())).collect();
        assert_eq!(shown, [(&*digest("a"), Some("linux/linux")), (&*digest("c"), None)]);
    }
}
