//! A server that is PLC directory, PDS and authorization server of one account, and does as the test says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;
use futures::StreamExt;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use testkit::Device;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::harness::{Server, Surroundings};
use crate::people::{app, hand_over};

/// Whose home it is.
pub(crate) const MALLORY: &str = "did:plc:mmmmmmmmmmmmmmmmmmmmmmmm";

pub(crate) const GET_SESSION: &str = "/xrpc/com.atproto.server.getSession";
pub(crate) const UPLOAD_BLOB: &str = "/xrpc/com.atproto.repo.uploadBlob";

#[derive(Clone)]
pub(crate) struct FakePds {
    pub(crate) origin: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    pages: Mutex<HashMap<String, Page>>,
    asked: Mutex<Vec<(String, HeaderMap)>>,
    /// What proofs must contain.
    nonce: Mutex<Option<&'static str>>,
    /// Bytes of uploads so far.
    uploaded: watch::Sender<usize>,
}

#[derive(Clone)]
struct Page {
    status: u16,
    content_type: &'static str,
    body: String,
}

impl FakePds {
    /// One that behaves.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let fake = Self { origin: origin.clone(), shared: Arc::default() };
        let router = Router::new().fallback(serve).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let service =
            json!({ "id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": origin });
        fake.says(&format!("/{MALLORY}"), 200, &json!({ "id": MALLORY, "service": [service] }));
        let resource = json!({ "resource": origin, "authorization_servers": [origin] });
        fake.says("/.well-known/oauth-protected-resource", 200, &resource);
        fake.says("/.well-known/oauth-authorization-server", 200, &authorization_server(&origin));
        fake.says(GET_SESSION, 200, &json!({ "did": MALLORY }));
        fake
    }

    /// A server that finds this account, and a device with it.
    pub(crate) async fn meet(&self, store: store::Store) -> (Server, Device) {
        let surroundings = Surroundings { plc: self.origin.clone(), ..Surroundings::nobody() };
        let server = Server::launch(store, surroundings).await;
        let device = hand_over(&app(&server, "app").await, MALLORY, "an-access-token").await;
        (server, device)
    }

    pub(crate) fn says(&self, path: &str, status: u16, body: &Value) {
        self.says_as(path, status, "application/json", &body.to_string());
    }

    pub(crate) fn says_as(&self, path: &str, status: u16, content_type: &'static str, body: &str) {
        let page = Page { status, content_type, body: body.to_owned() };
        self.shared.pages.lock().unwrap().insert(path.to_owned(), page);
    }

    /// From now on wants this nonce in proofs.
    pub(crate) fn wants_nonce(&self, nonce: &'static str) {
        *self.shared.nonce.lock().unwrap() = Some(nonce);
    }

    /// The headers of the requests for a path.
    pub(crate) fn asked(&self, path: &str) -> Vec<HeaderMap> {
        let asked = self.shared.asked.lock().unwrap();
        asked.iter().filter(|(asked, _)| asked == path).map(|(_, headers)| headers.clone()).collect()
    }

    /// How many bytes have been uploaded, now and later.
    pub(crate) fn uploaded(&self) -> watch::Receiver<usize> {
        self.shared.uploaded.subscribe()
    }
}

async fn serve(State(fake): State<FakePds>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    fake.shared.asked.lock().unwrap().push((path.clone(), parts.headers.clone()));
    let wanted = fake.shared.nonce.lock().unwrap().filter(|_| parts.headers.contains_key("dpop"));
    if let Some(nonce) = wanted.filter(|nonce| nonce_of(&parts.headers).as_deref() != Some(*nonce)) {
        let challenge = [("www-authenticate", r#"DPoP error="use_dpop_nonce""#), ("dpop-nonce", nonce)];
        return (StatusCode::UNAUTHORIZED, challenge).into_response();
    }
    if path == UPLOAD_BLOB {
        swallow(body, &fake.shared.uploaded).await;
    } else {
        drop(to_bytes(body, 4 << 20).await.unwrap());
    }
    let page = fake.shared.pages.lock().unwrap().get(&path).cloned();
    let Some(page) = page else { return StatusCode::NOT_FOUND.into_response() };
    let status = StatusCode::from_u16(page.status).unwrap();
    (status, [("content-type", page.content_type), ("x-secret", "of the PDS")], page.body).into_response()
}

async fn swallow(body: Body, uploaded: &watch::Sender<usize>) {
    let mut chunks = body.into_data_stream();
    while let Some(Ok(chunk)) = chunks.next().await {
        uploaded.send_modify(|bytes| *bytes += chunk.len());
    }
}

fn nonce_of(headers: &HeaderMap) -> Option<String> {
    let proof = headers.get("dpop")?.to_str().ok()?;
    let claims = BASE64URL_NOPAD.decode(proof.split('.').nth(1)?.as_bytes()).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    Some(claims["nonce"].as_str()?.to_owned())
}

fn authorization_server(origin: &str) -> Value {
    json!({
        "issuer": origin,
        "authorization_endpoint": format!("{origin}/oauth/authorize"),
        "token_endpoint": format!("{origin}/oauth/token"),
        "pushed_authorization_request_endpoint": format!("{origin}/oauth/par"),
        "scopes_supported": ["atproto"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "dpop_signing_alg_values_supported": ["ES256"],
        "authorization_response_iss_parameter_supported": true,
        "require_pushed_authorization_requests": true,
        "client_id_metadata_document_supported": true,
    })
}
