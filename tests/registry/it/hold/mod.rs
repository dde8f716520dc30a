//! The hold as registries elsewhere have it: tokens, parts, manifests, blobs, crew, and the records that everybody reads.

mod blobs;
mod crew;
mod directory;
mod identity;
mod manifests;
mod pds;
mod records;
mod rights;
mod strange;
mod uploads;

use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use directory::{Directory, Somebody};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{Answer, Belvedere, BelvedereOptions, HttpClient, TestDatabase};

use crate::ours::{ALICE, Blobs, PASSWORD};

const PATIENCE: Duration = Duration::from_secs(30);

/// A hold, and everybody there is.
struct Scene {
    running: Option<Belvedere>,
    options: BelvedereOptions,
    hold: String,
    captain: Somebody,
    writer: Somebody,
    reader: Somebody,
    admin: Somebody,
    stranger: Somebody,
    appview: Somebody,
    _directory: Directory,
    _database: Option<TestDatabase>,
    _folder: TempDir,
}

impl Scene {
    async fn new(settings: &[(&str, &str)]) -> Self {
        Self::at(&Blobs::Folder, None, settings).await
    }

    /// With layers and rows in these places.
    async fn at(blobs: &Blobs, database: Option<TestDatabase>, settings: &[(&str, &str)]) -> Self {
        let directory = Directory::start().await;
        let [captain, writer, reader, admin, stranger, appview] =
            ["captain", "writer", "reader", "admin", "stranger", "appview"]
                .map(|name| directory.somebody(name));
        let folder = tempfile::tempdir().unwrap();
        let tiers = folder.path().join("tiers.json");
        let quota = r#"{"tiers":{"deckhand":{"quota":"1KB"},"bosun":{"quota":"1MB"}},"defaults":{"new_crew_tier":"deckhand"}}"#;
        std::fs::write(&tiers, quota).unwrap();
        let mut options = BelvedereOptions::new(folder.path())
            .at_a_port()
            .with("APPS", "registry")
            .with("BELVEDERE_DEV", "true")
            .with("PLC_URL", &directory.url)
            .with("HOLD_OWNER", &captain.did)
            .with("HOLD_TRUSTED_APPVIEWS", &appview.did)
            .with("REGISTRY_QUOTA_FILE", tiers.to_str().unwrap())
            .with("REGISTRY_LOCAL_ACCOUNTS", &format!("{ALICE}:{PASSWORD}"));
        if let Blobs::Bucket(url) = blobs {
            options = options.with("REGISTRY_S3_URL", url);
        }
        if let Some(database) = &database {
            options = options.with("DATABASE_URL", &database.url());
        }
        options = settings.iter().fold(options, |options, (name, value)| options.with(name, value));
        let server = Belvedere::start(&options).await;
        let hold = format!("did:web:127.0.0.1%3A{}", options.port.unwrap());
        let scene = Self {
            running: Some(server),
            options,
            hold,
            captain,
            writer,
            reader,
            admin,
            stranger,
            appview,
            _directory: directory,
            _database: database,
            _folder: folder,
        };
        for (member, permission) in
            [(&scene.writer, "write"), (&scene.reader, "read"), (&scene.admin, "admin")]
        {
            scene.command(&["registry", "crew", "add", &member.did, "--permission", permission]);
        }
        scene
    }

    /// A command beside the server.
    fn command(&self, arguments: &[&str]) {
        let done = self.options.command(arguments).output().unwrap();
        assert!(done.status.success(), "{arguments:?}: {done:?}");
    }

    async fn restart(&mut self) {
        self.stop().await;
        self.running = Some(Belvedere::start(&self.options).await);
    }

    async fn stop(&mut self) {
        if let Some(server) = self.running.take() {
            server.terminate().await;
        }
    }

    fn server(&self) -> &Belvedere {
        self.running.as_ref().unwrap()
    }

    fn nobody(&self) -> HttpClient {
        self.server().client.clone()
    }

    /// A client of somebody's, for one method.
    fn of(&self, somebody: &Somebody, method: &str) -> HttpClient {
        self.nobody().with_bearer(&somebody.draft(&self.hold, method).sign(&somebody.key))
    }

    /// Calls a procedure.
    async fn call(&self, somebody: &Somebody, name: &str, input: Value) -> Answer {
        let method = format!("io.atcr.hold.{name}");
        self.of(somebody, &method).post(&format!("/xrpc/{method}"), &input).await
    }

    /// Sends a blob in parts of this many bytes, the last first.
    async fn send(&self, somebody: &Somebody, content: &str, size: usize) -> String {
        let digest = digest_of(content);
        let begun = self.call(somebody, "initiateUpload", json!({ "digest": digest })).await.expect(200);
        let parts: Vec<_> = (1..).zip(content.as_bytes().chunks(size)).collect();
        let mut named = Vec::new();
        for (number, part) in parts.into_iter().rev() {
            let answer = self.part(somebody, begun["uploadId"].as_str().unwrap(), number, part).await;
            named.insert(0, json!({ "partNumber": number, "etag": answer.expect(200)["etag"] }));
        }
        let input = json!({ "uploadId": begun["uploadId"], "digest": digest, "parts": named });
        let done = self.call(somebody, "completeUpload", input).await.expect(200);
        assert_eq!(done, json!({ "status": "completed", "digest": digest }));
        digest
    }

    async fn part(&self, somebody: &Somebody, upload: &str, number: u32, bytes: &[u8]) -> Answer {
        let client = self.of(somebody, "io.atcr.hold.uploadPart");
        let request = client.request(Method::PUT, "/xrpc/io.atcr.hold.uploadPart");
        let request = request.header("x-upload-id", upload).header("x-part-number", number);
        client.send(request.body(bytes.to_vec())).await
    }

    /// Tells of an image of these layers.
    async fn notify(&self, somebody: &Somebody, operation: &str, layers: &[&str]) -> Answer {
        self.call(somebody, "notifyManifest", notice(somebody, operation, layers)).await
    }

    /// Records of the hold, as everybody reads them.
    async fn records(&self, collection: &str) -> Vec<Value> {
        let query = [("repo", self.hold.as_str()), ("collection", collection)];
        let listed = self.nobody().get_with("/xrpc/com.atproto.repo.listRecords", &query).await.expect(200);
        listed["records"].as_array().unwrap().clone()
    }

    /// The same when there are as many as this.
    async fn records_when(&self, collection: &str, count: usize) -> Vec<Value> {
        let began = Instant::now();
        loop {
            let records = self.records(collection).await;
            if records.len() == count {
                return records;
            }
            assert!(began.elapsed() < PATIENCE, "{collection}: {records:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

fn digest_of(content: &str) -> String {
    format!("sha256:{}", HEXLOWER.encode(digest(&SHA256, content.as_bytes()).as_ref()))
}

fn notice(owner: &Somebody, operation: &str, layers: &[&str]) -> Value {
    let layer = |digest: &&str| json!({ "digest": digest, "size": 1, "mediaType": "application/vnd.oci.image.layer.v1.tar" });
    json!({
        "repository": "app", "userDid": owner.did, "manifestDigest": digest_of(&layers.concat()), "tag": "v1",
        "operation": operation,
        "manifest": {
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "layers": layers.iter().map(layer).collect::<Vec<_>>(),
        },
    })
}

/// The answer is a refusal of this name.
fn refused(answer: &Answer, status: u16, name: &str) {
    assert_eq!((answer.status, answer.json()["error"].as_str()), (status, Some(name)), "{answer:?}");
    assert!(answer.json()["message"].as_str().is_some_and(|text| text.len() > 5), "{answer:?}");
}
