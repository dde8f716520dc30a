//! Attachments in a bucket of a real service that speaks S3: stored, read, replaced, removed, and while it is not there.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::relay::log_in;
use testkit::{Belvedere, HttpClient, S3Service, TestDatabase};

use super::relays::Relay;
use crate::wait::{PATIENCE, until};

#[tokio::test(flavor = "multi_thread")]
async fn attachments_live_in_a_bucket_on_sqlite() {
    attachments_live_in_a_bucket(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_live_in_a_bucket_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        attachments_live_in_a_bucket(database).await;
    }
}

/// Somebody with a session.
struct Somebody {
    http: HttpClient,
    session: String,
}

impl Somebody {
    async fn at(server: &Belvedere) -> Self {
        let http = server.client.with_bearer(&log_in(&server.client).await);
        let body = json!({ "tag": "t", "metadata": "opaque" });
        let session = http.post("/v1/sessions", &body).await.expect(200)["session"]["id"].clone();
        Self { http, session: session.as_str().unwrap().to_owned() }
    }

    fn path(&self, rest: &str) -> String {
        format!("/v1/sessions/{}/attachments/{rest}", self.session)
    }

    /// Asks where to put an attachment, and puts it there; how to refer to it.
    async fn upload(&self, content: &str) -> String {
        let wanted = json!({ "filename": "a.txt", "size": content.len() });
        let ticket = self.http.post(&self.path("request-upload"), &wanted).await.expect(200);
        let url = ticket["uploadUrl"].as_str().unwrap();
        let path = url.strip_prefix(self.http.base()).unwrap();
        self.put(path, content, 200).await;
        ticket["ref"].as_str().unwrap().to_owned()
    }

    async fn put(&self, path: &str, content: &str, status: u16) -> Value {
        self.http.send(self.http.request(Method::PUT, path).body(content.to_owned())).await.expect(status)
    }

    /// Where it can be had, for a while.
    async fn url_of(&self, reference: &str) -> String {
        let which = json!({ "ref": reference });
        let answer = self.http.post(&self.path("request-download"), &which).await.expect(200);
        answer["downloadUrl"].as_str().unwrap().to_owned()
    }
}

/// What anybody gets who has the URL.
async fn fetch(url: &str) -> (u16, String) {
    let answer = HttpClient::new(url).get("").await;
    (answer.status, answer.text)
}

async fn attachments_live_in_a_bucket(database: TestDatabase) {
    let Some(mut service) = S3Service::start() else { return };
    let relay = Relay::new(&Arc::new(database), &[("S3_URL", &service.good_url())]);
    let server = relay.start().await;
    said(&server, "the bucket takes, gives and removes objects").await;
    let ann = Somebody::at(&server).await;
    let large = "x".repeat(3_000_000);
    let first = ann.upload(&large).await;
    let second = ann.upload("sealed").await;
    has(&service, 2).await;

    let url = ann.url_of(&first).await;
    assert!(url.starts_with("http://127.0.0.1:") && !url.starts_with(server.url()), "{url}");
    assert_eq!(fetch(&url).await, (200, large));
    let (place, signed) = url.split_once('?').unwrap();
    assert_eq!(fetch(place).await.0, 403, "nobody reads without a signature");
    let other = ann.url_of(&second).await;
    let (other, _) = other.split_once('?').unwrap();
    assert_eq!(fetch(&format!("{other}?{signed}")).await.0, 403, "nor with that of another object");
    let away = ann.http.get(&format!("/v1/{second}")).await;
    assert_eq!((away.status, fetch(away.header("location")).await), (302, (200, "sealed".to_owned())));
    let bob = Somebody::at(&server).await;
    assert_eq!(bob.http.get(&format!("/v1/{second}")).await.status, 404);

    // A quarter of an hour later the URL is worth nothing, and our own requests do not fit the clock of the service.
    service.set_ahead(16 * 60);
    let (status, text) = fetch(&url).await;
    assert!(status == 403 && text.contains("expired"), "{status} {text}");
    let refused = ann.put(&ann.path("c.enc"), "c", 503).await;
    assert_eq!(refused["error"], "Attachments cannot be reached. Try again soon.");
    service.set_ahead(0);

    ann.put(&format!("/v1/{second}"), "sealed anew", 200).await;
    assert_eq!(fetch(&ann.url_of(&second).await).await, (200, "sealed anew".to_owned()));
    service.stop();
    ann.put(&ann.path("c.enc"), "c", 503).await;
    service.start_again();
    ann.put(&ann.path("c.enc"), "c", 200).await;
    // What was replaced is removed by whichever server starts next; the upload that failed left nothing.
    server.kill();
    let server = relay.start().await;
    has(&service, 3).await;
    assert_eq!(ann.http.delete(&format!("/v1/sessions/{}", ann.session)).await.status, 200);
    server.kill();
    let server = relay.start().await;
    has(&service, 0).await;
    drop(server);
}

async fn said(server: &Belvedere, words: &str) {
    let heard = async || server.log().iter().any(|line| line.contains(words)).then_some(());
    until(words, PATIENCE, heard).await;
}

/// What the doctor says of the bucket: its status, and what to do.
fn examined(relay: &Relay) -> (String, String) {
    // Nobody else is there, which is not what this is about.
    let nowhere = "http://127.0.0.1:1";
    let elsewhere =
        ["--dev", "--plc-url", nowhere, "--relay-url", nowhere, "--jetstream-url", "ws://127.0.0.1:1"];
    let output = relay.options.command(&["doctor", "--json"]).args(elsewhere).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = report.to_string();
    assert!(!text.contains("hush"), "{text}");
    let lines = report["checks"].as_array().unwrap();
    let line = lines.iter().find(|line| line["check"] == "bucket").unwrap();
    let word = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    (word("status"), word("advice"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_bucket_is_said_with_what_to_do() {
    let Some(mut service) = S3Service::start() else { return };
    let database = Arc::new(TestDatabase::sqlite());
    let of = |url: &str| Relay::new(&database, &[("S3_URL", url)]);
    assert_eq!(examined(&of(&service.good_url())), ("ok".to_owned(), String::new()));
    let (status, advice) = examined(&of(&service.url("hush", "files")));
    assert!(status == "fail" && advice.starts_with("check key, secret and region"), "{status} {advice}");
    let (status, advice) = examined(&of(&service.url("S3RVER", "no-such-bucket")));
    assert!(status == "fail" && advice.starts_with("make the bucket"), "{status} {advice}");
    service.stop();
    let relay = of(&service.good_url());
    let (status, advice) = examined(&relay);
    assert!(status == "fail" && advice.starts_with("check that the service runs"), "{status} {advice}");
    // It serves all the same.
    let server = relay.start().await;
    said(&server, "attachments cannot be stored in the bucket").await;
    Somebody::at(&server).await;
}

/// Waits until so many attachments are there.
async fn has(service: &S3Service, count: usize) {
    until("the objects", PATIENCE, async || (service.count("attachments") == count).then_some(())).await;
}
