//! Attachments in a bucket. The one here keeps objects in memory and takes nothing that is not signed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use blobs::{Bucket, Location};
use data_encoding::BASE64;
use http::{HeaderMap, StatusCode};
use reqwest::Method;
use serde_json::{Value, json};
use store::{Store, v};
use testkit::on_each_engine;
use tokio::net::TcpListener;

use crate::site::{Person, Site};

/// Objects by name; `None` while the store is broken.
type Objects = Arc<Mutex<Option<HashMap<String, Bytes>>>>;

#[derive(Clone, Default)]
pub(crate) struct Simulated(Objects);

impl Simulated {
    pub(crate) async fn start() -> (Self, Bucket) {
        let simulated = Self(Arc::new(Mutex::new(Some(HashMap::new()))));
        let one = get(read).put(write).delete(remove);
        let router = Router::new().route("/files/{*name}", one).with_state(simulated.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let location = Location::parse(&format!("s3://key:secret@{address}/files?tls=false")).unwrap();
        (simulated, Bucket::new(location).unwrap())
    }

    pub(crate) fn contents(&self) -> Vec<Bytes> {
        self.0.lock().unwrap().as_ref().unwrap().values().cloned().collect()
    }

    /// Waits until it has so many objects.
    pub(crate) async fn has(&self, count: usize) {
        let reached = async {
            while self.contents().len() != count {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), reached).await;
        assert!(waited.is_ok(), "waited for {count} objects in vain: {:?}", self.contents());
    }
}

fn is_signed(headers: &HeaderMap) -> bool {
    let header = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    header.starts_with("AWS4-HMAC-SHA256 Credential=key/") && header.contains("/us-east-1/s3/")
}

async fn write(
    State(Simulated(objects)): State<Simulated>,
    Path(name): Path<String>,
    headers: HeaderMap,
    content: Bytes,
) -> (StatusCode, HeaderMap) {
    let mut answer = HeaderMap::new();
    answer.insert("etag", "\"x\"".parse().unwrap());
    match objects.lock().unwrap().as_mut() {
        _ if !is_signed(&headers) => return (StatusCode::FORBIDDEN, answer),
        None => return (StatusCode::BAD_REQUEST, answer),
        Some(objects) => _ = objects.insert(name, content),
    }
    (StatusCode::OK, answer)
}

async fn read(
    State(Simulated(objects)): State<Simulated>,
    Path(name): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<(HeaderMap, Bytes), StatusCode> {
    let is_presigned = query.contains_key("X-Amz-Signature")
        && query.get("X-Amz-Expires").map(String::as_str) == Some("900")
        && query.get("X-Amz-Credential").is_some_and(|credential| credential.starts_with("key/"));
    if !is_signed(&headers) && !is_presigned {
        return Err(StatusCode::FORBIDDEN);
    }
    let objects = objects.lock().unwrap();
    let content = objects.as_ref().and_then(|objects| objects.get(&name)).cloned();
    let mut answer = HeaderMap::new();
    answer.insert("etag", "\"x\"".parse().unwrap());
    answer.insert("last-modified", "Thu, 04 Jun 2026 07:08:09 GMT".parse().unwrap());
    content.map(|content| (answer, content)).ok_or(StatusCode::NOT_FOUND)
}

async fn remove(
    State(Simulated(objects)): State<Simulated>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> StatusCode {
    if !is_signed(&headers) {
        return StatusCode::FORBIDDEN;
    }
    objects.lock().unwrap().as_mut().unwrap().remove(&name);
    StatusCode::NO_CONTENT
}

async fn on_each<F: Future<Output = ()>>(test: impl Fn(Site, Simulated, Bucket) -> F + Copy) {
    on_each_engine(&[&sync::SCHEMA], |store| async move {
        let (simulated, bucket) = Simulated::start().await;
        test(Site::with_bucket(store, bucket.clone()).await, simulated, bucket).await;
    })
    .await;
}

async fn put(person: &Person, path: &str, content: &'static str, status: u16) -> Value {
    person.http.send(person.http.request(Method::PUT, path).body(content)).await.expect(status)
}

/// Everything that is lost is due.
async fn hurry(store: &Store) {
    let hurried = store.state.write(|conn| conn.execute("UPDATE sync_lost_objects SET due_at = $1", &[v(0)]));
    let _: u64 = hurried.await.map_err(|error: store::Error| error).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn are_stored_replaced_read_and_removed() {
    on_each(|site, simulated, bucket| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let session = ann.session("t").await;
        let path = format!("/v1/sessions/{session}/attachments/a.enc");
        for content in ["first", "second"] {
            assert_eq!(put(&ann, &path, content, 200).await, json!({ "ok": true }));
        }
        let large = ann.http.request(Method::PUT, &path).body(vec![0; 10_485_761]);
        ann.http.send(large).await.expect(413);
        put(&bob, &path, "x", 404).await;
        bob.http.get(&path).await.expect(404);
        let away = ann.http.get(&path).await;
        assert_eq!(away.status, 302);
        let fetched = reqwest::get(away.header("location")).await.unwrap();
        assert_eq!((fetched.status(), fetched.text().await.unwrap()), (StatusCode::OK, "second".to_owned()));
        let unsigned = away.header("location").split('?').next().unwrap().to_owned();
        assert_eq!(reqwest::get(unsigned).await.unwrap().status(), StatusCode::FORBIDDEN);
        let which = json!({ "ref": format!("sessions/{session}/attachments/a.enc") });
        let asked = format!("/v1/sessions/{session}/attachments/request-download");
        let url = ann.http.post(&asked, &which).await.expect(200)["downloadUrl"].as_str().unwrap().to_owned();
        assert_eq!(reqwest::get(url).await.unwrap().text().await.unwrap(), "second");
        bob.http.post(&asked, &which).await.expect(404);
        let export = ann.http.get("/v1/account/export").await.text;
        assert!(export.contains(&format!(r#""content":"{}"}}"#, BASE64.encode(b"second"))), "{export}");
        assert_eq!(simulated.contents().len(), 2, "the replaced one is not removed at once");
        Site::with_bucket(site.store.clone(), bucket.clone()).await.client.get("/v1/sessions").await;
        simulated.has(1).await;
        ann.http.delete(&format!("/v1/sessions/{session}")).await.expect(200);
        let next = Site::with_bucket(site.store.clone(), bucket).await;
        simulated.has(0).await;
        drop(next);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn go_with_their_account_and_count_as_its_share() {
    on_each(|site, simulated, bucket| async move {
        let ann = site.person().await;
        let session = ann.session("t").await;
        let path = format!("/v1/sessions/{session}/attachments/a.enc");
        put(&ann, &path, "sealed", 200).await;
        let full = site
            .store
            .state
            .write(|conn| conn.execute("UPDATE sync_attachments SET size = $1", &[v(2_147_483_647_i64)]));
        let _: u64 = full.await.map_err(|error: store::Error| error).unwrap();
        put(&ann, &format!("/v1/sessions/{session}/attachments/b.enc"), "xx", 403).await;
        assert_eq!(simulated.contents().len(), 1, "what is too much is not even sent there");
        ann.http.delete(&format!("/v1/account?confirm={}", ann.id().await)).await.expect(200);
        let next = Site::with_bucket(site.store.clone(), bucket).await;
        simulated.has(0).await;
        drop(next);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_fails_leaves_nothing_and_says_so() {
    on_each(|site, simulated, bucket| async move {
        let ann = site.person().await;
        let session = ann.session("t").await;
        let path = format!("/v1/sessions/{session}/attachments/a.enc");
        let kept = simulated.0.lock().unwrap().take();
        let refused = put(&ann, &path, "sealed", 503).await;
        assert_eq!(refused, json!({ "error": "Attachments cannot be reached. Try again soon." }));
        *simulated.0.lock().unwrap() = kept;
        ann.http.get(&path).await.expect(404);
        // As if the server had ended between storing the object and writing down that it did.
        bucket.put("attachments/orphan", Bytes::from_static(b"orphan")).await.unwrap();
        let noted = site.store.state.write(|conn| {
            let sql = "INSERT INTO sync_lost_objects (object, due_at) VALUES ('attachments/orphan', 0)";
            conn.execute(sql, &[])
        });
        let _: u64 = noted.await.map_err(|error: store::Error| error).unwrap();
        hurry(&site.store).await;
        let next = Site::with_bucket(site.store.clone(), bucket).await;
        simulated.has(0).await;
        drop(next);
        // What was stored before there was a bucket, or after there was one, is read all the same, or said not to be there.
        put(&ann, &path, "in the bucket", 200).await;
        let without = Site::start(site.store.clone()).await;
        ann.at(&without).http.get(&path).await.expect(503);
        let other = format!("/v1/sessions/{session}/attachments/b.enc");
        put(&ann.at(&without), &other, "in the database", 200).await;
        assert_eq!(ann.http.get(&other).await.text, "in the database");
    })
    .await;
}
