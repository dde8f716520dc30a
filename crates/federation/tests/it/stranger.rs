//! A server with as many actors as one likes, which signs whatever it is told to, and writes down what it is sent.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use activitypub::media_type;
use activitypub::signature::{Form, KeyId, KeyType, PrivateKey, Signer};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use serde_json::{Value, json};
use url::Url;

/// A request to an inbox.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) path: String,
    pub(crate) activity: Value,
}

struct Shared {
    base: String,
    public: String,
    /// What is shown at a path besides actors: status, type, and body.
    shown: Mutex<HashMap<String, (u16, String, String)>>,
    taken: Mutex<Vec<Taken>>,
    asked: Mutex<Vec<String>>,
    /// What inboxes answer.
    status: AtomicU16,
}

pub(crate) struct Stranger {
    pub(crate) base: String,
    pub(crate) key: PrivateKey,
    shared: Arc<Shared>,
    http: reqwest::Client,
}

impl Stranger {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let key = PrivateKey::generate(KeyType::Rsa).unwrap();
        let public = key.public_key().unwrap().to_pem().unwrap();
        let shared = Arc::new(Shared {
            base: base.clone(),
            public,
            shown: Mutex::default(),
            taken: Mutex::default(),
            asked: Mutex::default(),
            status: AtomicU16::new(202),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, key, shared, http: reqwest::Client::new() }
    }

    pub(crate) fn actor(&self, name: &str) -> String {
        format!("{}/users/{name}", self.base)
    }

    /// Shows something at a path from now on.
    pub(crate) fn show(&self, path: &str, status: u16, content_type: &str, body: &str) {
        let shown = (status, content_type.to_owned(), body.to_owned());
        self.shared.shown.lock().unwrap().insert(path.to_owned(), shown);
    }

    pub(crate) fn answers(&self, status: u16) {
        self.shared.status.store(status, Ordering::Relaxed);
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.shared.taken.lock().unwrap().clone()
    }

    /// Paths that were fetched.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// Sends an activity that `signer` signs.
    pub(crate) async fn send(&self, inbox: &str, signer: &str, activity: &Value) -> u16 {
        self.send_with(inbox, signer, activity.to_string(), Form::Draft, SystemTime::now(), |_| {}).await
    }

    /// Sends bytes that are signed at a time, and then changed.
    pub(crate) async fn send_with(
        &self,
        inbox: &str,
        signer: &str,
        body: String,
        form: Form,
        at: SystemTime,
        change: impl Fn(&mut HeaderMap),
    ) -> u16 {
        let (url, key_id) =
            (Url::parse(inbox).unwrap(), KeyId::parse(&format!("{}#main-key", self.actor(signer))).unwrap());
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type::ACTIVITY));
        let signer = Signer { key_id: &key_id, key: &self.key, form, with_query: true };
        signer.sign(&Method::POST, &url, &mut headers, Some(body.as_bytes()), at).unwrap();
        change(&mut headers);
        self.http
            .post(url)
            .headers(headers)
            .body(body)
            .timeout(Duration::from_secs(30))
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    }
}

/// Somebody of that server: everybody has the same key, and a name of it of their own.
fn person(shared: &Shared, name: &str) -> Value {
    let id = format!("{}/users/{name}", shared.base);
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Person", "preferredUsername": name,
        "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"), "followers": format!("{id}/followers"),
        "publicKey": { "id": format!("{id}#main-key"), "owner": id, "publicKeyPem": shared.public },
    })
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> impl IntoResponse {
    let path = uri.path().to_owned();
    let typed = |status, content_type: &str, body| {
        (
            StatusCode::from_u16(status).unwrap(),
            [(header::CONTENT_TYPE, content_type.to_owned()), (header::LOCATION, String::new())],
            body,
        )
    };
    if method == Method::POST {
        let status = shared.status.load(Ordering::Relaxed);
        if status < 300 {
            let activity = serde_json::from_slice(&body).unwrap_or_default();
            shared.taken.lock().unwrap().push(Taken { path, activity });
        }
        return typed(status, "text/plain", String::new());
    }
    shared.asked.lock().unwrap().push(path.clone());
    if let Some((status, content_type, body)) = shared.shown.lock().unwrap().get(&path).cloned() {
        let mut answer = typed(status, &content_type, body.clone());
        answer.1[1].1 = body;
        return answer;
    }
    match path.strip_prefix("/users/").filter(|name| !name.contains('/')) {
        Some(name) => typed(200, media_type::ACTIVITY, person(&shared, name).to_string()),
        None => typed(404, "text/plain", String::new()),
    }
}
