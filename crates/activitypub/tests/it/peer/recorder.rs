//! A server with one actor that takes everything and writes it down.

use std::sync::{Arc, Mutex};

use activitypub::media_type;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use http::{HeaderMap, Method, StatusCode, Uri, header};
use serde_json::Value;

/// A request as it came.
#[derive(Debug, Clone)]
pub(super) struct Recorded {
    pub(super) method: Method,
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

struct Shared {
    actor: Value,
    requests: Mutex<Vec<Recorded>>,
}

pub(super) struct Recorder {
    pub(super) base: String,
    shared: Arc<Shared>,
}

impl Recorder {
    /// Starts one, whose actor's document follows from its address.
    pub(super) async fn start(actor: impl FnOnce(&str) -> Value) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared { actor: actor(&base), requests: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, shared }
    }

    pub(super) fn actor(&self) -> String {
        format!("{}/users/alice", self.base)
    }

    pub(super) fn requests(&self, method: &Method) -> Vec<Recorded> {
        let requests = self.shared.requests.lock().unwrap();
        requests.iter().filter(|request| request.method == method).cloned().collect()
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let target = uri.path_and_query().unwrap().to_string();
    let recorded = Recorded { method: method.clone(), target: target.clone(), headers, body: body.to_vec() };
    shared.requests.lock().unwrap().push(recorded);
    let (status, body) = match (method, target.as_str()) {
        (Method::POST, _) => (StatusCode::ACCEPTED, String::new()),
        (Method::GET, "/users/alice") => (StatusCode::OK, shared.actor.to_string()),
        _ => (StatusCode::NOT_FOUND, String::new()),
    };
    (status, [(header::CONTENT_TYPE, media_type::ACTIVITY)], body)
}
