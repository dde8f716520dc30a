//! A server that is everything at once, PLC directory, PDS and authorization server, and does as the test says.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) const MALLORY: &str = "did:plc:mmmmmmmmmmmmmmmmmmmmmmmm";
pub(crate) const ALICE: &str = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";

pub(crate) const RESOURCE: &str = "/.well-known/oauth-protected-resource";
pub(crate) const SERVER: &str = "/.well-known/oauth-authorization-server";
pub(crate) const PAR: &str = "/oauth/par";
pub(crate) const TOKEN: &str = "/oauth/token";

/// Answers by path; what is not there is 404.
#[derive(Clone)]
pub(crate) struct Fake {
    address: SocketAddr,
    pages: Arc<Mutex<Pages>>,
}

#[derive(Default)]
struct Pages {
    pages: HashMap<String, Page>,
    asked: Vec<Asked>,
}

/// An answer.
#[derive(Clone)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) delay: Duration,
}

/// A request that came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) form: HashMap<String, String>,
}

impl Page {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let headers = HeaderMap::from_iter([(
            http::header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        )]);
        Self { status, headers, body: body.to_string().into(), delay: Duration::ZERO }
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        self
    }
}

impl Fake {
    /// A server that behaves, and has Mallory's account.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Self { address: listener.local_addr().unwrap(), pages: Arc::default() };
        let router = Router::new().fallback(serve).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        fake.account(MALLORY, &fake.origin());
        fake.set(RESOURCE, Page::json(200, &fake.resource()));
        fake.set(SERVER, Page::json(200, &fake.server()));
        let lodged = json!({ "request_uri": "urn:ietf:params:oauth:request_uri:req-1", "expires_in": 299 });
        fake.set(PAR, Page::json(201, &lodged));
        fake.set(TOKEN, Page::json(200, &Self::tokens(MALLORY)));
        fake.set("/oauth/revoke", Page::json(200, &json!({})));
        fake.set("/xrpc/com.atproto.server.getSession", Page::json(200, &json!({ "did": MALLORY })));
        fake
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Registers an account whose PDS is at `pds`.
    pub(crate) fn account(&self, did: &str, pds: &str) {
        let service =
            json!({ "id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": pds });
        self.set(&format!("/{did}"), Page::json(200, &json!({ "id": did, "service": [service] })));
    }

    pub(crate) fn resource(&self) -> Value {
        json!({ "resource": self.origin(), "authorization_servers": [self.origin()] })
    }

    pub(crate) fn server(&self) -> Value {
        let origin = self.origin();
        json!({
            "issuer": origin,
            "authorization_endpoint": format!("{origin}/oauth/authorize"),
            "token_endpoint": format!("{origin}{TOKEN}"),
            "pushed_authorization_request_endpoint": format!("{origin}{PAR}"),
            "revocation_endpoint": format!("{origin}/oauth/revoke"),
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

    pub(crate) fn tokens(sub: &str) -> Value {
        json!({
            "access_token": "access-1", "token_type": "DPoP", "refresh_token": "refresh-1", "scope": "atproto",
            "expires_in": 3600, "sub": sub,
        })
    }

    pub(crate) fn set(&self, path: &str, page: Page) {
        self.lock().pages.insert(path.to_owned(), page);
    }

    /// Whether the path was asked for, and by what requests.
    pub(crate) fn asked(&self, path: &str) -> Vec<Asked> {
        self.lock().asked.iter().filter(|asked| asked.path == path).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap()
    }
}

async fn serve(State(fake): State<Fake>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let path = parts.uri.path().to_owned();
    let form = url::form_urlencoded::parse(&body).into_owned().collect();
    let page = {
        let mut pages = fake.lock();
        pages.asked.push(Asked { path: path.clone(), headers: parts.headers, form });
        pages.pages.get(&path).cloned()
    };
    let Some(page) = page else { return StatusCode::NOT_FOUND.into_response() };
    tokio::time::sleep(page.delay).await;
    (StatusCode::from_u16(page.status).unwrap(), page.headers, page.body).into_response()
}
