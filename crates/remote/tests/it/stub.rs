//! A host that answers what it is told to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use atproto::Did;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

pub(crate) const DID: &str = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";

/// A host, and the directory that leads to it.
pub(crate) struct Stub {
    pub(crate) url: Url,
    answers: Arc<Mutex<Answers>>,
}

#[derive(Default)]
struct Answers {
    by_method: HashMap<String, Answer>,
    asked: Vec<String>,
}

#[derive(Clone)]
struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Stub {
    pub(crate) async fn start() -> Self {
        let answers = Arc::<Mutex<Answers>>::default();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&answers));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let stub = Self { url, answers };
        stub.document(&stub.url, None);
        stub
    }

    /// Says in the directory where the repository is, and which key it has.
    pub(crate) fn document(&self, host: &Url, key: Option<&str>) {
        let keys = key.map(
            |key| json!({"id": "#atproto", "type": "Multikey", "controller": DID, "publicKeyMultibase": key}),
        );
        let document = json!({
            "id": DID,
            "verificationMethod": keys.into_iter().collect::<Vec<_>>(),
            "service": [{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": host.as_str()}],
        });
        self.set(&format!("/{DID}"), 200, &[], document.to_string());
    }

    /// What a method answers from now on.
    pub(crate) fn answer(&self, method: &str, status: u16, body: &Value) {
        self.set(&format!("/xrpc/{method}"), status, &[], body.to_string());
    }

    pub(crate) fn answer_with(
        &self,
        method: &str,
        status: u16,
        headers: &[(&'static str, &str)],
        body: &Value,
    ) {
        self.set(&format!("/xrpc/{method}"), status, headers, body.to_string());
    }

    fn set(&self, path: &str, status: u16, headers: &[(&'static str, &str)], body: impl Into<Vec<u8>>) {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let answer = Answer { status, headers, body: body.into() };
        self.answers.lock().unwrap().by_method.insert(path.to_owned(), answer);
    }

    /// How often a method was asked for.
    pub(crate) fn asked(&self, method: &str) -> usize {
        let path = format!("/xrpc/{method}");
        self.answers.lock().unwrap().asked.iter().filter(|asked| **asked == path).count()
    }
}

async fn answer(State(answers): State<Arc<Mutex<Answers>>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let mut answers = answers.lock().unwrap();
    let answer = answers.by_method.get(&path).cloned();
    answers.asked.push(path);
    let Some(Answer { status, headers, body }) = answer else {
        return (StatusCode::NOT_IMPLEMENTED, r#"{"error":"MethodNotImplemented"}"#).into_response();
    };
    (StatusCode::from_u16(status).unwrap(), AppendHeaders(headers), body).into_response()
}

pub(crate) fn did() -> Did {
    Did::parse(DID).unwrap()
}
