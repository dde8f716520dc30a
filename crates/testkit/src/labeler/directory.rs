//! The directory of identities, which answers with the documents that a test puts into it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// A PLC directory on loopback. Cheap to clone.
#[derive(Clone)]
pub struct Directory {
    url: Url,
    documents: Arc<Mutex<HashMap<String, Value>>>,
    asked: Arc<AtomicUsize>,
}

impl Directory {
    /// An empty one.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = Url::parse(&format!("http://{}", listener.local_addr().expect("an address")))
            .expect("as asked for");
        let documents = Arc::<Mutex<HashMap<String, Value>>>::default();
        let directory = Self { url, documents, asked: Arc::default() };
        let serving = directory.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move { answer(connection, |path| serving.document(path)).await });
            }
        });
        directory
    }

    fn document(&self, path: &str) -> Option<Value> {
        let document = self.documents.lock().expect("nobody panicked").get(&path[1..]).cloned();
        self.asked.fetch_add(1, Ordering::SeqCst);
        document
    }

    /// How many answers it has given.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> Url {
        self.url.clone()
    }

    /// Registers a DID, or changes its document.
    pub fn put(&self, did: &str, document: Value) {
        self.documents.lock().expect("nobody panicked").insert(did.to_owned(), document);
    }
}

/// Answers one GET request with JSON or 404 and closes the connection. `respond` is given path and query.
pub(super) async fn answer(mut connection: TcpStream, respond: impl Fn(&str) -> Option<Value>) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        if connection.read_buf(&mut request).await.is_ok_and(|bytes| bytes == 0) {
            return;
        }
    }
    let request = String::from_utf8(request).expect("as asked for");
    let target = request.split(' ').nth(1).expect("as asked for");
    let (status, body) = match respond(target) {
        Some(json) => ("200 OK", json.to_string()),
        None => ("404 Not Found", "{}".to_owned()),
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    let _ = connection.write_all((head + &body).as_bytes()).await;
}
