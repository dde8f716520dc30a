//! A directory of identities with nothing in it but what a test says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use atproto::crypto::PrivateKey;
use serde_json::json;
use testkit::ServiceTokenDraft;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

type Documents = Arc<Mutex<HashMap<String, String>>>;

/// The directory; gone when dropped.
pub(super) struct Directory {
    pub(super) url: String,
    documents: Documents,
    task: tokio::task::JoinHandle<()>,
}

/// Somebody whose key the test has.
#[derive(Clone)]
pub(super) struct Somebody {
    pub(super) did: String,
    pub(super) key: PrivateKey,
}

impl Directory {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let documents = Documents::default();
        let served = Arc::clone(&documents);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&served)));
            }
        });
        Self { url, documents, task }
    }

    /// A new account, which signs with a key of its own.
    pub(super) fn somebody(&self, name: &str) -> Somebody {
        let did = format!("did:plc:{name:a<24}");
        let key = PrivateKey::generate_p256();
        let document = json!({
            "id": did, "alsoKnownAs": [],
            "verificationMethod": [{
                "id": format!("{did}#atproto"), "type": "Multikey", "controller": did,
                "publicKeyMultibase": key.public().multikey(),
            }],
            "service": [],
        });
        self.documents.lock().unwrap().insert(did.clone(), document.to_string());
        Somebody { did, key }
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Somebody {
    /// A good token for a method of this audience.
    pub(super) fn draft(&self, audience: &str, method: &str) -> ServiceTokenDraft {
        ServiceTokenDraft::new(&self.did.parse().unwrap(), audience, method)
    }
}

async fn answer(mut stream: TcpStream, documents: Documents) {
    let mut head = vec![0; 4096];
    let Ok(length) = stream.read(&mut head).await else { return };
    let head = String::from_utf8_lossy(&head[..length]).into_owned();
    let name = head.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').replace("%3A", ":");
    let found = documents.lock().unwrap().get(&name).cloned();
    let (status, body) = found.map_or(("404 Not Found", "{}".to_owned()), |document| ("200 OK", document));
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}
