//! Makes blobs and the manifests about them.

use std::io::Write;

use bytes::Bytes;
use data_encoding::BASE64;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::{Algorithm, Blob, DataSet, Manifest};

/// The media type of an image's manifest.
pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// The media type of an index.
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// The same of Docker, from before there was a standard.
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
/// Its index.
pub const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
/// The media type of `{}`.
pub const EMPTY: &str = "application/vnd.oci.empty.v1+json";

const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
const LAYER_GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// Fills a set of data.
#[derive(Debug)]
pub struct Builder {
    algorithm: Algorithm,
    set: DataSet,
}

impl Builder {
    /// For an empty set.
    #[must_use]
    pub fn new(name: &'static str, algorithm: Algorithm) -> Self {
        Self { algorithm, set: DataSet { name, blobs: Vec::new(), manifests: Vec::new() } }
    }

    /// The set.
    #[must_use]
    pub fn done(self) -> DataSet {
        self.set
    }

    /// Adds a blob and describes it.
    pub fn blob(&mut self, media_type: &str, bytes: impl Into<Bytes>) -> Value {
        let blob = Blob::new(self.algorithm, bytes);
        let descriptor = json!({ "mediaType": media_type, "digest": blob.digest, "size": blob.bytes.len() });
        if self.set.blobs.iter().all(|there| there.digest != blob.digest) {
            self.set.blobs.push(blob);
        }
        descriptor
    }

    /// A layer of random content, compressed or not.
    pub fn layer(&mut self, is_compressed: bool) -> Value {
        let content = Blob::random(self.algorithm, 2_048).bytes;
        if !is_compressed {
            return self.blob(LAYER, content);
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        // Writing to memory does not fail.
        let packed = encoder.write_all(&content).and_then(|()| encoder.finish()).unwrap_or_default();
        self.blob(LAYER_GZIP, packed)
    }

    /// The configuration of an image for some architecture, unlike any other.
    pub fn config(&mut self, architecture: &str) -> Value {
        let unique = format!("{:032x}", rand::random::<u128>());
        let config = json!({
            "architecture": architecture, "os": "linux", "author": unique, "config": {},
            "rootfs": { "type": "layers", "diff_ids": [] },
        });
        self.blob(CONFIG, config.to_string())
    }

    /// `{}`.
    pub fn empty(&mut self) -> Value {
        self.blob(EMPTY, "{}")
    }

    /// The same descriptor with the content in it.
    #[must_use]
    pub fn with_data(&self, mut descriptor: Value) -> Value {
        let blob = self.set.blobs.iter().find(|blob| descriptor["digest"] == blob.digest.as_str());
        descriptor["data"] = blob.map(|blob| BASE64.encode(&blob.bytes)).into();
        descriptor
    }

    /// An image with a configuration and layers of its own.
    pub fn image(&mut self, tags: &[&str]) -> Value {
        self.image_with(tags, json!({}))
    }

    /// The same with more fields.
    pub fn image_with(&mut self, tags: &[&str], more: Value) -> Value {
        let config = self.config("amd64");
        let layers: Vec<_> = (0..2).map(|_| self.layer(true)).collect();
        self.manifest(tags, json!({ "config": config, "layers": layers }), more)
    }

    /// An artifact of some kind with one file.
    pub fn artifact(&mut self, tags: &[&str], kind: &str, more: Value) -> Value {
        let config = self.empty();
        let layers = [self.blob(kind, Blob::random(self.algorithm, 512).bytes)];
        self.manifest(tags, json!({ "artifactType": kind, "config": config, "layers": layers }), more)
    }

    /// A manifest with these fields, and more.
    pub fn manifest(&mut self, tags: &[&str], fields: Value, more: Value) -> Value {
        self.push(MANIFEST, tags, fields, more)
    }

    /// An index of these.
    pub fn index(&mut self, tags: &[&str], manifests: &[Value], more: Value) -> Value {
        self.push(INDEX, tags, json!({ "manifests": manifests }), more)
    }

    /// An index of one image for each of two architectures.
    pub fn platforms(&mut self, tags: &[&str], more: Value) -> Value {
        let images = ["amd64", "arm64"].map(|architecture| {
            let config = self.config(architecture);
            let layers = [self.layer(true)];
            let mut image = self.manifest(&[], json!({ "config": config, "layers": layers }), json!({}));
            image["platform"] = json!({ "os": "linux", "architecture": architecture });
            image
        });
        self.index(tags, &images, more)
    }

    fn push(&mut self, media_type: &'static str, tags: &[&str], fields: Value, more: Value) -> Value {
        let mut json = json!({ "schemaVersion": 2, "mediaType": media_type });
        for fields in [fields, more] {
            if let (Value::Object(all), Value::Object(fields)) = (&mut json, fields) {
                all.extend(fields);
            }
        }
        let bytes = Bytes::from(json.to_string());
        let tags = tags.iter().map(|&tag| tag.to_owned()).collect();
        let manifest = Manifest { media_type, digest: self.algorithm.digest(&bytes), bytes, json, tags };
        let descriptor = manifest.descriptor();
        self.set.manifests.push(manifest);
        descriptor
    }
}
