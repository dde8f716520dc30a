//! A server with as many actors as one likes, which signs whatever it is told to, and writes down what it is sent.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

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
    /// When something came to an inbox, whatever it was answered.
    tried: Mutex<Vec<Instant>>,
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
        Self::on("127.0.0.1").await
    }

    /// One at another address of this machine.
    pub(crate) async fn on(ip: &str) -> Self {
        let listener = tokio::net::TcpListener::bind((ip, 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let key = PrivateKey::generate(KeyType::Rsa).unwrap();
        let public = key.public_key().unwrap().to_pem().unwrap();
        let shared = Arc::new(Shared {
            base: base.clone(),
            public,
            shown: Mutex::default(),
            taken: Mutex::default(),
            asked: Mutex::default(),
            tried: Mutex::default(),
            status: AtomicU16::new(202),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, key, shared, http: reqwest::Client::new() }
    }

    /// Somebody with another key who says that they are of this server.
    pub(crate) fn impostor(&self) -> Self {
        let key = PrivateKey::generate(KeyType::Rsa).unwrap();
        Self { base: self.base.clone(), key, shared: Arc::clone(&self.shared), http: self.http.clone() }
    }

    /// The same server, if it were called otherwise.
    pub(crate) fn called(&self, base: &str) -> Self {
        let (key, http) = (PrivateKey::from_pem(&self.key.to_pem().unwrap()).unwrap(), self.http.clone());
        Self { base: base.to_owned(), key, shared: Arc::clone(&self.shared), http }
    }

    /// What is shown of an actor, to be changed.
    pub(crate) fn person(&self, name: &str) -> Value {
        person(&self.shared, name)
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

    /// When something came to an inbox, also what was not taken.
    pub(crate) fn tried(&self) -> Vec<Instant> {
        self.shared.tried.lock().unwrap().clone()
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
        self.answer(inbox, signer, body, form, at, change).await.status().as_u16()
    }

    /// The same, with all that is answered.
    pub(crate) async fn answer(
        &self,
        inbox: &str,
        signer: &str,
        body: String,
        form: Form,
        at: SystemTime,
        change: impl Fn(&mut HeaderMap),
    ) -> reqwest::Response {
        let mut headers = self.signed(inbox, signer, &body, form, at);
        change(&mut headers);
        self.post(inbox, headers, body).await
    }

    /// Signs one body and sends another.
    pub(crate) async fn send_other(
        &self,
        inbox: &str,
        signer: &str,
        (signed, sent): (&str, String),
        form: Form,
    ) -> u16 {
        let headers = self.signed(inbox, signer, signed, form, SystemTime::now());
        self.post(inbox, headers, sent).await.status().as_u16()
    }

    /// The headers of a request that `signer` signs.
    pub(crate) fn signed(
        &self,
        inbox: &str,
        signer: &str,
        body: &str,
        form: Form,
        at: SystemTime,
    ) -> HeaderMap {
        let (url, key_id) =
            (Url::parse(inbox).unwrap(), KeyId::parse(&format!("{}#main-key", self.actor(signer))).unwrap());
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type::ACTIVITY));
        let signer = Signer { key_id: &key_id, key: &self.key, form, with_query: true };
        signer.sign(&Method::POST, &url, &mut headers, Some(body.as_bytes()), at).unwrap();
        headers
    }

    /// The same of a request that reads.
    pub(crate) fn signed_get(&self, url: &str, signer: &str) -> HeaderMap {
        let (url, key_id) =
            (Url::parse(url).unwrap(), KeyId::parse(&format!("{}#main-key", self.actor(signer))).unwrap());
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(media_type::ACTIVITY));
        let signer = Signer { key_id: &key_id, key: &self.key, form: Form::Draft, with_query: true };
        signer.sign(&Method::GET, &url, &mut headers, None, SystemTime::now()).unwrap();
        headers
    }

    pub(crate) async fn post(&self, inbox: &str, headers: HeaderMap, body: String) -> reqwest::Response {
        let request = self.http.post(inbox).headers(headers).body(body).timeout(Duration::from_secs(30));
        request.send().await.unwrap()
    }

    /// Sends an activity from an address that a proxy vouches for.
    pub(crate) async fn send_from(&self, from: &str, inbox: &str, signer: &str, activity: &Value) -> u16 {
        let forwarded: HeaderValue = from.parse().unwrap();
        let via = |headers: &mut HeaderMap| drop(headers.insert("x-forwarded-for", forwarded.clone()));
        self.send_with(inbox, signer, activity.to_string(), Form::Draft, SystemTime::now(), via).await
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

/// A page of a list that has no last one: of people, of notes of mallory, or of nothing.
fn endless(shared: &Shared, list: &str, page: u32) -> Value {
    let base = &shared.base;
    let note = |name: String| {
        let (actor, id) = (format!("{base}/users/mallory"), format!("{base}/notes/{name}"));
        json!({ "id": format!("{id}/activity"), "type": "Create", "actor": actor, "object": {
            "id": id, "type": "Note", "attributedTo": actor, "content": "again", "to": "as:Public" } })
    };
    let items: Vec<Value> = (0..20)
        .map(|n| format!("{page}-{n}"))
        .filter_map(|name| match list {
            "people" => Some(json!(format!("{base}/users/{name}"))),
            "notes" => Some(note(name)),
            _ => None,
        })
        .collect();
    let next = format!("{base}/endless/{list}/{}", page + 1);
    json!({ "id": format!("{base}/endless/{list}/{page}"), "type": "OrderedCollectionPage", "next": next, "orderedItems": items })
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
        shared.tried.lock().unwrap().push(Instant::now());
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
        if (300..400).contains(&status) {
            answer.1[1].1 = body;
        }
        return answer;
    }
    if let Some((list, page)) = path.strip_prefix("/endless/").and_then(|rest| rest.split_once('/')) {
        let page = endless(&shared, list, page.parse().unwrap());
        return typed(200, media_type::ACTIVITY, page.to_string());
    }
    match path.strip_prefix("/users/").filter(|name| !name.contains('/')) {
        Some(name) => typed(200, media_type::ACTIVITY, person(&shared, name).to_string()),
        None => typed(404, "text/plain", String::new()),
    }
}
