//! A directory, a PDS, a host of `did:web` and a DNS server, all on loopback and under the test's control.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atproto::{AtIdentifier, Did, Handle, Nsid};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Response};
use identity::{Resolver, ResolverConfig};
use outbound::{Outbound, OutboundConfig, Policy};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use testkit::DnsServer;

pub(crate) const ALICE: &str = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
pub(crate) const BOB: &str = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb";
pub(crate) const KEY: &str = "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme";

/// One HTTP server plays every part; DNS is its own.
pub(crate) struct World {
    pub(crate) dns: DnsServer,
    pub(crate) server: SocketAddr,
    pages: Arc<Mutex<Pages>>,
}

/// Pages by `host/path?query`, where the host is left out unless it is a handle.
#[derive(Default)]
struct Pages {
    pages: HashMap<String, Page>,
    hits: HashMap<String, usize>,
}

#[derive(Clone)]
struct Page {
    status: StatusCode,
    body: Vec<u8>,
    location: Option<String>,
    delay: Duration,
}

impl World {
    pub(crate) async fn new() -> Self {
        let pages = Arc::<Mutex<Pages>>::default();
        let router = Router::new().fallback(serve).with_state(Arc::clone(&pages));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { dns: DnsServer::start().await, server, pages }
    }

    pub(crate) fn config(&self) -> ResolverConfig {
        ResolverConfig { dev: true, ..ResolverConfig::new(self.url("/plc")) }
    }

    pub(crate) fn resolver(&self) -> Resolver {
        self.resolver_with(self.config())
    }

    pub(crate) fn resolver_with(&self, config: ResolverConfig) -> Resolver {
        let outbound = OutboundConfig {
            policy: Policy::development(),
            dns: Some(self.dns.address),
            connect_timeout: Duration::from_secs(2),
            ..OutboundConfig::default()
        };
        Resolver::new(Outbound::new(outbound).unwrap(), config)
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.server)).unwrap()
    }

    pub(crate) fn page(&self, path: &str, status: u16, body: impl Into<Vec<u8>>) {
        self.slow_page(path, status, body, Duration::ZERO);
    }

    pub(crate) fn slow_page(&self, path: &str, status: u16, body: impl Into<Vec<u8>>, delay: Duration) {
        let status = StatusCode::from_u16(status).unwrap();
        self.set(path, Page { status, body: body.into(), location: None, delay });
    }

    pub(crate) fn redirect(&self, path: &str, location: &str) {
        let location = Some(location.to_owned());
        self.set(path, Page { status: StatusCode::FOUND, body: Vec::new(), location, delay: Duration::ZERO });
    }

    fn set(&self, path: &str, page: Page) {
        self.pages.lock().unwrap().pages.insert(path.to_owned(), page);
    }

    /// Registers an account in the directory.
    pub(crate) fn account(&self, did: &str, handle: &str) {
        self.page(&format!("/plc/{did}"), 200, self.document(did, handle).to_string());
    }

    /// A document that claims `handle` and has its PDS here.
    pub(crate) fn document(&self, did: &str, handle: &str) -> Value {
        let origin = format!("http://{}", self.server);
        json!({
            "@context": ["https://www.w3.org/ns/did/v1"],
            "id": did,
            "alsoKnownAs": [format!("at://{handle}")],
            "verificationMethod": [
                {"id": format!("{did}#atproto"), "type": "Multikey", "controller": did, "publicKeyMultibase": KEY},
            ],
            "service": [
                {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": origin},
            ],
        })
    }

    /// How often this was asked for.
    pub(crate) fn hits(&self, path: &str) -> usize {
        self.pages.lock().unwrap().hits.get(path).copied().unwrap_or(0)
    }

    /// How often the directory was asked for this DID.
    pub(crate) fn asked_plc(&self, did: &str) -> usize {
        self.hits(&format!("/plc/{did}"))
    }

    /// Waits until the directory has been asked for this DID.
    pub(crate) async fn until_asked_plc(&self, did: &str) {
        while self.asked_plc(did) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

async fn serve(State(pages): State<Arc<Mutex<Pages>>>, request: Request) -> Response {
    let host = request.headers()["host"].to_str().unwrap();
    // Requests to this server itself carry a port.
    let host = if host.contains(':') { "" } else { host };
    let key = format!("{host}{}", request.uri());
    let page = {
        let mut pages = pages.lock().unwrap();
        *pages.hits.entry(key.clone()).or_default() += 1;
        pages.pages.get(&key).cloned()
    };
    let Some(page) = page else { return StatusCode::NOT_FOUND.into_response() };
    tokio::time::sleep(page.delay).await;
    let location = page.location.map(|location| ("location", location));
    (page.status, AppendHeaders(location), page.body).into_response()
}

pub(crate) fn did(text: &str) -> Did {
    Did::parse(text).unwrap()
}

pub(crate) fn handle(text: &str) -> Handle {
    Handle::parse(text).unwrap()
}

pub(crate) fn nsid(text: &str) -> Nsid {
    Nsid::parse(text).unwrap()
}

pub(crate) fn name(text: &str) -> AtIdentifier {
    AtIdentifier::parse(text).unwrap()
}
