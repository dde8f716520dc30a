//! An account on a host of its own, whose DID document is served as long as this lives.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use atproto::{Did, crypto::PrivateKey};
use axum::{Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A `did:web` on loopback.
pub(crate) struct Issuer {
    pub(crate) did: Did,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    document: Mutex<Option<Value>>,
    fetched: AtomicUsize,
}

impl Issuer {
    /// An account whose document lists no key yet.
    pub(crate) async fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = Router::new().route("/.well-known/did.json", get(document)).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { did: Did::parse(&format!("did:web:localhost%3A{port}")).unwrap(), shared }
    }

    /// An account with this key.
    pub(crate) async fn with_key(key: &PrivateKey) -> Self {
        let issuer = Self::start().await;
        issuer.set_key(key);
        issuer
    }

    /// Replaces the key.
    pub(crate) fn set_key(&self, key: &PrivateKey) {
        self.set_methods(&[("atproto", "Multikey", &key.public().multikey())]);
    }

    /// Replaces all keys: name, type, text.
    pub(crate) fn set_methods(&self, methods: &[(&str, &str, &str)]) {
        let methods = methods.iter().map(|(name, kind, text)| {
            json!({
                "id": format!("{}#{name}", self.did),
                "type": kind,
                "controller": self.did,
                "publicKeyMultibase": text,
            })
        });
        let methods: Vec<Value> = methods.collect();
        let document = json!({ "id": self.did, "verificationMethod": methods });
        *self.shared.document.lock().unwrap() = Some(document);
    }

    /// From now on the host answers 500.
    pub(crate) fn fail(&self) {
        *self.shared.document.lock().unwrap() = None;
    }

    /// How often the document was fetched.
    pub(crate) fn fetched(&self) -> usize {
        self.shared.fetched.load(Ordering::SeqCst)
    }
}

async fn document(State(shared): State<Arc<Shared>>) -> axum::response::Response {
    shared.fetched.fetch_add(1, Ordering::SeqCst);
    match shared.document.lock().unwrap().clone() {
        Some(document) => axum::Json(document).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
