//! What the matrix does not ask: races, strange input, rights, restarts, slow clients, very many tags.

mod bounds;
mod labels;
mod many_tags;
mod memory;
mod races;
mod refusals;
mod restart;
mod rights;
mod slow;
mod sparse;
mod strange;
mod tokens;

use bytes::Bytes;
use registry_conformance::Repository;
use registry_conformance::client::{Answer, Client};
use registry_conformance::content::{Algorithm, Builder, DataSet};
use serde_json::json;

use crate::ours::{ALICE, Blobs, Registry};

/// A server and a client of Alice's.
struct Scene {
    registry: Registry,
    alice: Client,
}

impl Scene {
    async fn new() -> Self {
        let registry = Registry::start(&Blobs::Folder).await;
        let alice = Client::new(&registry.target(ALICE)).unwrap();
        Self { registry, alice }
    }

    /// One of Alice's repositories.
    fn repository(&self) -> Repository<'_> {
        Repository { client: &self.alice, name: "alice.test/one" }
    }
}

/// An image of its own with these tags.
pub(crate) fn image(tags: &[&str]) -> DataSet {
    let mut builder = Builder::new("image", Algorithm::Sha256);
    builder.image_with(tags, json!({}));
    builder.done()
}

/// Pushes all of a set.
async fn push(to: Repository<'_>, set: &DataSet) {
    for blob in &set.blobs {
        push_blob(to, &blob.digest, &blob.bytes).await.expect(&[201]).unwrap();
    }
    for manifest in &set.manifests {
        for reference in [&manifest.digest].into_iter().chain(&manifest.tags) {
            let answer = to.put_manifest(reference, manifest.media_type, manifest.bytes.clone()).await;
            answer.unwrap().expect(&[201]).unwrap();
        }
    }
}

async fn push_blob(to: Repository<'_>, digest: &str, bytes: &Bytes) -> Answer {
    let upload = to.begin().await.unwrap();
    to.finish(&upload, digest, None, bytes.clone()).await.unwrap()
}

/// The answer is a refusal of this kind, in the shape that the protocol has for it.
pub(crate) fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{}: {}", answer.asked, answer.text());
    let media_type = answer.header("content-type").unwrap_or_default();
    assert!(media_type.starts_with("application/json"), "{}: {media_type}", answer.asked);
    let json = answer.json().unwrap();
    let errors = json["errors"].as_array().unwrap_or_else(|| panic!("{}: {json}", answer.asked));
    assert!(errors.iter().any(|error| error["code"] == code), "{}: {json}", answer.asked);
    assert!(errors.iter().all(|error| error["message"].is_string()), "{}: {json}", answer.asked);
}
