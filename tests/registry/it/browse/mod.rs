//! What people see: pushed with a client, looked at in a browser, changed by whoever it belongs to.

mod changing;
mod elsewhere;
mod oneself;
mod pages;
mod reading;
mod rights;
mod searching;

use registry_conformance::Repository;
use registry_conformance::client::Client;
use registry_conformance::content::{Algorithm, Builder, DataSet, Manifest};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Answer, HttpClient};

use crate::ours::{ALICE, Blobs, PASSWORD, Registry};
use crate::stubborn::push;

const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// A server, and Alice's client for it.
struct Scene {
    registry: Registry,
    alice: Client,
}

impl Scene {
    async fn new() -> Self {
        Self::with(&[]).await
    }

    async fn with(settings: &[(&str, &str)]) -> Self {
        let registry = Registry::start_with(&Blobs::Folder, settings).await;
        let alice = Client::new(&registry.target(ALICE)).unwrap();
        Self { registry, alice }
    }

    /// Somebody who is not signed in.
    fn anybody(&self) -> &HttpClient {
        &self.registry.server.client
    }

    /// A browser on a page of the server, in which somebody of it is signed in.
    async fn browser(&self, handle: &str) -> HttpClient {
        let body = json!({ "handle": handle, "password": PASSWORD });
        let answer = self.anybody().post("/api/registry/session", &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        self.anybody().with_header("cookie", &cookie).with_header("origin", self.registry.server.url())
    }

    async fn push(&self, name: &str, set: &DataSet) {
        push(Repository { client: &self.alice, name }, set).await.unwrap();
    }

    async fn read(&self, what: &str) -> Value {
        read(self.anybody(), what).await
    }
}

async fn read(client: &HttpClient, what: &str) -> Value {
    client.get(&format!("/api/registry{what}")).await.expect(200)
}

async fn put(client: &HttpClient, what: &str, body: &Value) -> Answer {
    client.put(&format!("/api/registry{what}"), body).await
}

/// A request without a body.
async fn send(client: &HttpClient, method: Method, what: &str) -> Answer {
    client.send(client.request(method, &format!("/api/registry{what}"))).await
}

/// An image that says something about itself.
fn described(tags: &[&str], annotations: &Value) -> DataSet {
    let mut builder = Builder::new("described image", Algorithm::Sha256);
    let config = json!({
        "architecture": "arm64", "os": "linux", "variant": "v8", "created": "2026-01-01T00:00:00Z",
        "config": {
            "Cmd": ["/app"], "Env": ["A=b"], "ExposedPorts": { "80/tcp": {} },
            "Labels": { "io.atcr.test": "label", "org.opencontainers.image.licenses": "MIT" },
        },
        "history": [
            { "created_by": "COPY app /app" },
            { "created_by": "ENV A=b", "empty_layer": true },
            { "created_by": "RUN chmod +x /app" },
        ],
        "rootfs": { "type": "layers", "diff_ids": [] },
    });
    let config = builder.blob("application/vnd.oci.image.config.v1+json", config.to_string());
    let layers = [builder.blob(LAYER, "one"), builder.blob(LAYER, "another")];
    builder.manifest(
        tags,
        json!({ "config": config, "layers": layers }),
        json!({ "annotations": annotations }),
    );
    builder.done()
}

fn plain(tags: &[&str]) -> DataSet {
    let mut builder = Builder::new("image", Algorithm::Sha256);
    builder.image(tags);
    builder.done()
}

fn last(set: &DataSet) -> &Manifest {
    set.manifests.last().unwrap()
}

/// Names of repositories in a list.
fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}
