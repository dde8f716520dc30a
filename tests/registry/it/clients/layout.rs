//! Images as files (OCI image layout): one for a single machine, one for two, and an artifact about the first.

use std::path::{Path, PathBuf};

use registry_conformance::content::{Algorithm, EMPTY, INDEX, MANIFEST};
use serde_json::{Value, json};

use super::image::{gzip, tar};

/// What the artifact is.
pub(super) const KIND: &str = "application/vnd.example.notes";

/// A folder of images that are tagged `single`, `multi` and `notes`.
pub(super) struct Layout {
    folder: PathBuf,
    /// The manifest of the first.
    pub(super) single: Vec<u8>,
    /// The index of the second.
    pub(super) multi: Vec<u8>,
    tagged: Vec<Value>,
}

impl Layout {
    /// Writes it.
    pub(super) fn write(folder: &Path) -> Self {
        std::fs::create_dir_all(folder.join("blobs/sha256")).unwrap();
        let (single, multi, tagged) = Default::default();
        let mut layout = Self { folder: folder.to_owned(), single, multi, tagged };
        let (single, bytes) = layout.image("amd64", 3);
        layout.single = bytes;
        let platforms = ["amd64", "arm64"].map(|architecture| {
            let (mut image, _) = layout.image(architecture, 2);
            image["platform"] = json!({ "os": "linux", "architecture": architecture });
            image
        });
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": platforms });
        let (multi, bytes) = layout.blob(INDEX, &index);
        layout.multi = bytes;
        let (empty, _) = layout.bytes(EMPTY, b"{}");
        let (file, _) = layout.bytes("text/plain", b"Good.\n");
        let notes = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": KIND, "config": empty,
            "layers": [file], "subject": single, "annotations": { "org.example.by": "somebody" },
        });
        let (notes, _) = layout.blob(MANIFEST, &notes);
        for (mut descriptor, tag) in [(single, "single"), (multi, "multi"), (notes, "notes")] {
            descriptor["annotations"] = json!({ "org.opencontainers.image.ref.name": tag });
            layout.tagged.push(descriptor);
        }
        let index = json!({ "schemaVersion": 2, "manifests": layout.tagged });
        std::fs::write(folder.join("index.json"), index.to_string()).unwrap();
        std::fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
        layout
    }

    /// How the container tools call an image in it.
    pub(super) fn source(&self, tag: &str) -> String {
        format!("oci:{}:{tag}", self.folder.display())
    }

    /// The blobs of another layout, each of which must be here, too, with the same bytes.
    pub(super) fn has_all_of(&self, other: &Path) -> usize {
        let blobs = std::fs::read_dir(other.join("blobs/sha256")).unwrap();
        let same = blobs.map(|blob| {
            let blob = blob.unwrap();
            let here = self.folder.join("blobs/sha256").join(blob.file_name());
            assert_eq!(std::fs::read(here).unwrap(), std::fs::read(blob.path()).unwrap(), "{blob:?}");
        });
        same.count()
    }

    fn image(&mut self, architecture: &str, layers: usize) -> (Value, Vec<u8>) {
        let tars: Vec<_> = (0..layers)
            .map(|n| tar(&format!("file-{n}"), format!("{architecture} {n}\n").repeat(2_000).as_bytes()))
            .collect();
        let ids: Vec<_> = tars.iter().map(|tar| Algorithm::Sha256.digest(tar)).collect();
        let config = json!({
            "architecture": architecture, "os": "linux", "config": { "Cmd": ["/file-0"] },
            "rootfs": { "type": "layers", "diff_ids": ids },
        });
        let (config, _) = self.blob("application/vnd.oci.image.config.v1+json", &config);
        let media_type = "application/vnd.oci.image.layer.v1.tar+gzip";
        let layers: Vec<_> = tars.iter().map(|tar| self.bytes(media_type, &gzip(tar)).0).collect();
        let manifest =
            json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers });
        self.blob(MANIFEST, &manifest)
    }

    fn blob(&mut self, media_type: &str, json: &Value) -> (Value, Vec<u8>) {
        self.bytes(media_type, json.to_string().as_bytes())
    }

    /// Writes a file, describes it, and hands its bytes back.
    fn bytes(&mut self, media_type: &str, bytes: &[u8]) -> (Value, Vec<u8>) {
        let digest = Algorithm::Sha256.digest(bytes);
        std::fs::write(self.folder.join("blobs").join(digest.replace(':', "/")), bytes).unwrap();
        (json!({ "mediaType": media_type, "digest": digest, "size": bytes.len() }), bytes.to_vec())
    }
}
