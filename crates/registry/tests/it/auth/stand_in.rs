//! A server that is a PLC directory, knows `.test` handles and is a PDS, and does as the test says.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;
use http::header::{AUTHORIZATION, HOST};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) const ALICE: &str = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
pub(crate) const BOB: &str = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb";
pub(crate) const CAROL: &str = "did:plc:cccccccccccccccccccccccc";

/// The app passwords of everybody. What one of them begins ends what the other began.
pub(crate) const PASSWORD: &str = "abcd-efgh-ijkl-mnop";
pub(crate) const OTHER_PASSWORD: &str = "qrst-uvwx-yzab-cdef";

#[derive(Clone)]
pub(crate) struct StandIn {
    address: SocketAddr,
    world: Arc<Mutex<World>>,
}

#[derive(Default)]
struct World {
    /// DIDs by handle.
    people: HashMap<String, String>,
    /// Handles that lead to accounts which do not claim them.
    strays: HashMap<String, String>,
    /// Handles whose host does not answer as it should.
    broken: HashSet<String>,
    /// What was asked, in order: method and body.
    asked: Vec<(String, Value)>,
    /// Answers that a test puts in the place of the usual ones, by path.
    instead: HashMap<String, (u16, Value)>,
    sessions: usize,
    /// How long access tokens last, in seconds.
    life: i64,
    /// The tokens that are good now.
    access: String,
    refresh: String,
}

impl StandIn {
    /// With Alice, Bob and Carol on it, who are `alice.test` and so on.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let world = World { life: 7200, ..World::default() };
        let this = Self { address: listener.local_addr().unwrap(), world: Arc::new(Mutex::new(world)) };
        let router = Router::new().fallback(serve).with_state(this.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        for (handle, did) in [("alice.test", ALICE), ("bob.test", BOB), ("carol.test", CAROL)] {
            this.lock().people.insert(handle.to_owned(), did.to_owned());
        }
        this
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A handle that leads to an account of another name.
    pub(crate) fn stray(&self, handle: &str, did: &str) {
        self.lock().strays.insert(handle.to_owned(), did.to_owned());
    }

    /// The host of a handle answers nothing sensible from now on.
    pub(crate) fn break_handle(&self, handle: &str) {
        self.lock().broken.insert(handle.to_owned());
    }

    /// Answers so at a path from now on; with nothing, as usual.
    pub(crate) fn answer(&self, path: &str, answer: Option<(u16, Value)>) {
        match answer {
            Some(answer) => self.lock().instead.insert(path.to_owned(), answer),
            None => self.lock().instead.remove(path),
        };
    }

    /// How long access tokens last from now on.
    pub(crate) fn token_life(&self, seconds: i64) {
        self.lock().life = seconds;
    }

    /// The bodies of calls of a method.
    pub(crate) fn calls(&self, method: &str) -> Vec<Value> {
        let path = format!("/xrpc/{method}");
        self.lock().asked.iter().filter(|(asked, _)| *asked == path).map(|(_, body)| body.clone()).collect()
    }

    /// The access token that it takes.
    pub(crate) fn access(&self) -> String {
        self.lock().access.clone()
    }

    /// No token that it has ever given is good.
    pub(crate) fn end_sessions(&self) {
        let mut world = self.lock();
        world.access.clear();
        world.refresh.clear();
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    fn document(&self, did: &str) -> Option<Value> {
        let people = &self.lock().people;
        let handle = people.iter().find(|(_, found)| *found == did)?.0;
        let service = json!({
            "id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.origin()
        });
        Some(json!({ "id": did, "alsoKnownAs": [format!("at://{handle}")], "service": [service] }))
    }
}

impl World {
    /// New tokens for an account.
    fn grant(&mut self, did: &str) -> Value {
        self.sessions += 1;
        let exp = clock::now_micros() / 1_000_000 + self.life;
        let claims = json!({ "exp": exp, "sub": did, "n": self.sessions }).to_string();
        self.access = format!("e30.{}.sig", BASE64URL_NOPAD.encode(claims.as_bytes()));
        self.refresh = format!("refresh-{}", self.sessions);
        json!({ "did": did, "handle": "x.test", "accessJwt": self.access, "refreshJwt": self.refresh })
    }

    fn call(&mut self, path: &str, headers: &HeaderMap, body: &Value) -> (u16, Value) {
        let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        match path.strip_prefix("/xrpc/").unwrap_or_default() {
            "com.atproto.server.createSession"
                if body["password"] == PASSWORD || body["password"] == OTHER_PASSWORD =>
            {
                let did = body["identifier"].as_str().unwrap_or_default().to_owned();
                (200, self.grant(&did))
            }
            "com.atproto.server.createSession" => (401, json!({ "error": "AuthenticationRequired" })),
            "com.atproto.server.refreshSession" if token == Some(&self.refresh) => (200, self.grant(ALICE)),
            _ if token == Some(&self.access) => (200, json!({ "uri": format!("at://{ALICE}/x.y.z/a") })),
            _ => (400, json!({ "error": "ExpiredToken" })),
        }
    }
}

async fn serve(State(this): State<StandIn>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let path = parts.uri.path().to_owned();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    if path == "/.well-known/atproto-did" {
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let world = this.lock();
        if world.broken.contains(host) {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        let did = world.people.get(host).or_else(|| world.strays.get(host)).cloned();
        return did.map_or(StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response);
    }
    if let Some(document) = this.document(path.trim_start_matches('/')) {
        return axum::Json(document).into_response();
    }
    let mut world = this.lock();
    world.asked.push((path.clone(), body.clone()));
    let instead = world.instead.get(&path).cloned();
    let (status, answer) = instead.unwrap_or_else(|| world.call(&path, &parts.headers, &body));
    (StatusCode::from_u16(status).unwrap(), axum::Json(answer)).into_response()
}
