//! A hold that does what spec/registry.md §3.3 and §4 say, in memory, and as it is told: what a test could not bring a real one to do.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use atproto::did_doc::DidDocument;
use atproto::service_auth::{Expect, ServiceToken};
use atproto::{Did, Nsid};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, put};
use axum::{Json, Router};
use registry_conformance::content::Algorithm;
use serde_json::{Value, json};
use testkit::Network;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A hold; gone when dropped.
pub(super) struct StandIn {
    pub(super) did: String,
    pub(super) hold: Hold,
    server: JoinHandle<()>,
}

#[derive(Clone)]
pub(super) struct Hold(Arc<(Mutex<Inside>, String, String)>);

/// What a hold has, and how it behaves.
#[derive(Default)]
pub(super) struct Inside {
    pub(super) captain: Value,
    pub(super) crew: BTreeMap<String, Value>,
    pub(super) blobs: HashMap<String, Bytes>,
    pub(super) uploads: HashMap<String, BTreeMap<u64, Bytes>>,
    /// What was told of it, oldest first.
    pub(super) notices: Vec<Value>,
    /// Whether it gives bytes instead of URLs.
    pub(super) gives_bytes: bool,
    /// Whether it answers nothing.
    pub(super) is_down: bool,
    /// Whether there is no room for another image.
    pub(super) is_full: bool,
    /// Which methods were called, by whom, oldest first.
    pub(super) calls: Vec<(String, Option<String>)>,
}

type Parameters = Query<HashMap<String, String>>;

impl StandIn {
    pub(super) async fn start(network: &Network, captain: Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let did = format!("did:web:localhost%3A{port}");
        let inside = Inside { captain, ..Inside::default() };
        let hold = Hold(Arc::new((Mutex::new(inside), did.clone(), network.endpoints.plc.clone())));
        let server = serve(listener, hold.clone());
        Self { did, hold, server }
    }

    pub(super) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.hold.inside()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn serve(listener: TcpListener, hold: Hold) -> JoinHandle<()> {
    let router = Router::new()
        .route("/.well-known/did.json", get(did_json))
        .route("/signed/{cid}", any(signed))
        .route("/xrpc/io.atcr.hold.uploadPart", put(upload_part))
        .route("/xrpc/{method}", any(xrpc))
        .layer(DefaultBodyLimit::disable())
        .with_state(hold);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() })
}

impl Hold {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.0.lock().unwrap()
    }

    /// Who has signed a token for this method and this hold.
    async fn caller(&self, headers: &HeaderMap, method: &str) -> Option<String> {
        let token = headers.get("authorization")?.to_str().ok()?.strip_prefix("Bearer ")?;
        let token = ServiceToken::parse(token).ok()?;
        let (own, lxm) = (Did::parse(&self.0.1).unwrap(), Nsid::parse(method).ok()?);
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        token.check(&Expect { audience: &own, lxm: Some(&lxm), now: now.cast_signed() }).unwrap();
        let document =
            reqwest::get(format!("{}/{}", self.0.2, token.issuer)).await.ok()?.bytes().await.ok()?;
        let document = DidDocument::parse(&document, &token.issuer).ok()?;
        token.verify(document.signing_key()?).unwrap();
        Some(token.issuer.to_string())
    }

    fn may(&self, caller: Option<&str>, permission: &str) -> bool {
        let inside = self.inside();
        let is_free = permission == "blob:read" && inside.captain["public"] == true;
        let given = caller.and_then(|caller| inside.crew.get(caller)).map(|member| &member["permissions"]);
        let is_crew =
            given.and_then(Value::as_array).is_some_and(|given| given.iter().any(|it| it == permission));
        is_free || is_crew || caller.is_some_and(|caller| inside.captain["owner"] == caller)
    }
}

async fn did_json(State(hold): State<Hold>) -> Json<Value> {
    let endpoint = format!("http://{}", hold.0.1.trim_start_matches("did:web:").replace("%3A", ":"));
    Json(json!({ "id": hold.0.1, "service": [
        { "id": "#atcr_hold", "type": "AtcrHoldService", "serviceEndpoint": endpoint },
    ] }))
}

fn no(status: u16, error: &str) -> Response {
    let body = json!({ "error": error, "message": format!("{error} it is") });
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}

async fn signed(State(hold): State<Hold>, Path(cid): Path<String>, headers: HeaderMap) -> Response {
    let blob = hold.inside().blobs.get(&cid).cloned();
    blob.map_or_else(|| no(404, "BlobNotFound"), |blob| bytes(&blob, &cid, &headers))
}

/// All of a blob, or `bytes=a-b` of it.
fn bytes(blob: &Bytes, cid: &str, headers: &HeaderMap) -> Response {
    let range =
        headers.get("range").and_then(|range| range.to_str().ok()?.strip_prefix("bytes=")?.split_once('-'));
    let named = [("docker-content-digest", cid.to_owned())];
    match range {
        None => (named, blob.clone()).into_response(),
        Some((first, last)) => {
            let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
            let part = [("content-range", format!("bytes {first}-{last}/{}", blob.len()))];
            (StatusCode::PARTIAL_CONTENT, named, part, blob.slice(first..=last)).into_response()
        }
    }
}

async fn upload_part(State(hold): State<Hold>, headers: HeaderMap, body: Bytes) -> Response {
    let caller = hold.caller(&headers, "io.atcr.hold.uploadPart").await;
    if !hold.may(caller.as_deref(), "blob:write") {
        return no(403, "AuthRequired");
    }
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    let mut inside = hold.inside();
    let Some(upload) = inside.uploads.get_mut(&text("x-upload-id")) else {
        return no(400, "InvalidUploadId");
    };
    let number = text("x-part-number").parse().unwrap();
    upload.insert(number, body);
    Json(json!({ "etag": format!("tag-{number}") })).into_response()
}

async fn xrpc(
    State(hold): State<Hold>,
    Path(nsid): Path<String>,
    Query(query): Parameters,
    (method, headers, body): (Method, HeaderMap, Bytes),
) -> Response {
    if hold.inside().is_down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let caller = hold.caller(&headers, &nsid).await;
    hold.inside().calls.push((format!("{method} {nsid}"), caller.clone()));
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let caller = caller.as_deref();
    let write = || hold.may(caller, "blob:write");
    match nsid.as_str() {
        "com.atproto.repo.getRecord" => record(&hold, &query["collection"], &query["rkey"]),
        "com.atproto.repo.listRecords" => {
            let all: Vec<_> = hold.inside().crew.values().map(|value| json!({ "value": value })).collect();
            Json(json!({ "records": all })).into_response()
        }
        "com.atproto.sync.getBlob" if hold.may(caller, "blob:read") => blob(&hold, &query, &headers),
        "com.atproto.sync.getBlob" => no(401, "AuthRequired"),
        "io.atcr.hold.requestCrew" => match caller {
            Some(caller) if hold.inside().captain["allowAllCrew"] == true => {
                let member = json!({ "member": caller, "permissions": ["blob:read", "blob:write"] });
                hold.inside().crew.insert(caller.to_owned(), member);
                Json(json!({ "status": "created" })).into_response()
            }
            _ => no(403, "RegistrationDisabled"),
        },
        "io.atcr.hold.getStats" => {
            let count = |operation: &str| {
                hold.inside().notices.iter().filter(|it| it["operation"] == operation).count()
            };
            Json(json!({ "pullCount": count("pull"), "pushCount": count("push") })).into_response()
        }
        "io.atcr.hold.notifyManifest" if body["operation"] == "pull" || write() => notified(&hold, body),
        _ if !write() => no(403, "AuthRequired"),
        "io.atcr.hold.initiateUpload" => {
            let id = body["digest"].as_str().unwrap().to_owned();
            hold.inside().uploads.insert(id.clone(), BTreeMap::new());
            Json(json!({ "uploadId": id })).into_response()
        }
        "io.atcr.hold.getPartUploadUrl" => Json(json!({
            "url": "/xrpc/io.atcr.hold.uploadPart", "method": "PUT",
            "headers": { "X-Upload-Id": body["uploadId"], "X-Part-Number": body["partNumber"].to_string() },
        }))
        .into_response(),
        "io.atcr.hold.completeUpload" => complete(&hold, &body),
        "io.atcr.hold.abortUpload" => Json(json!({ "status": "aborted" })).into_response(),
        _ => no(404, "MethodNotImplemented"),
    }
}

fn record(hold: &Hold, collection: &str, rkey: &str) -> Response {
    let inside = hold.inside();
    let value = match collection {
        "io.atcr.hold.captain" => Some(&inside.captain),
        _ => inside.crew.get(rkey),
    };
    value.map_or_else(|| no(400, "RecordNotFound"), |value| Json(json!({ "value": value })).into_response())
}

fn blob(hold: &Hold, query: &HashMap<String, String>, headers: &HeaderMap) -> Response {
    let (cid, inside) = (&query["cid"], hold.inside());
    match inside.blobs.get(cid) {
        None => no(404, "BlobNotFound"),
        Some(_) if query.contains_key("method") && !inside.gives_bytes => {
            Json(json!({ "url": format!("/signed/{cid}"), "method": "GET" })).into_response()
        }
        Some(blob) => bytes(blob, cid, headers),
    }
}

fn complete(hold: &Hold, body: &Value) -> Response {
    let (id, digest) = (body["uploadId"].as_str().unwrap(), body["digest"].as_str().unwrap());
    let mut inside = hold.inside();
    let Some(parts) = inside.uploads.remove(id) else { return no(400, "InvalidUploadId") };
    let named: Vec<_> =
        parts.keys().map(|n| json!({ "partNumber": n, "etag": format!("tag-{n}") })).collect();
    assert_eq!(body["parts"], json!(named));
    let bytes: Vec<u8> = parts.into_values().flatten().collect();
    assert_eq!(Algorithm::of(digest).unwrap().digest(&bytes), digest);
    inside.blobs.insert(digest.to_owned(), bytes.into());
    Json(json!({ "status": "completed", "digest": digest })).into_response()
}

fn notified(hold: &Hold, body: Value) -> Response {
    let mut inside = hold.inside();
    if inside.is_full && body["operation"] == "push" {
        return no(400, "QuotaExceeded");
    }
    let operation = body["operation"].clone();
    inside.notices.push(body);
    Json(json!({ "success": true, "operation": operation, "statsUpdated": true })).into_response()
}
