//! A labeler: an account in a directory, a stream with a cursor, and answers to queries.

#![expect(clippy::expect_used, reason = "part of tests, which fail by panicking")]

mod directory;
mod spoken;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use atproto::Did;
use atproto::crypto::PrivateKey;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use url::Url;

use directory::answer;

pub use directory::Directory;
pub use spoken::{Spoken, at, error, labels, message, say};

/// Whoever takes a labeler's document: a DID and the document.
type Registrar = Arc<dyn Fn(&str, Value) + Send + Sync>;

/// Keeps every message it was given and replays those after a cursor, as a real one does.
#[derive(Clone)]
pub struct Labeler {
    /// Its name.
    pub did: Did,
    directory: Registrar,
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// With which it signs.
    key: Mutex<Option<PrivateKey>>,
    log: Mutex<Log>,
    /// Wakes connections: (number of messages, number of disconnects).
    changed: watch::Sender<(usize, usize)>,
    connections: Mutex<Connections>,
    answers: Mutex<Vec<Spoken>>,
}

#[derive(Default)]
struct Log {
    last: u64,
    /// With their numbers.
    messages: Vec<(u64, Message)>,
    /// What it says first on every connection, before it ends it.
    refusal: Option<Vec<u8>>,
}

#[derive(Default)]
struct Connections {
    open: usize,
    /// The cursors asked for so far.
    cursors: Vec<u64>,
    /// The queries so far.
    queries: Vec<Url>,
}

impl Labeler {
    /// One that signs, known to a directory, which `register` puts documents into.
    pub async fn start(name: &str, register: impl Fn(&str, Value) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let labeler = Self {
            did: Did::parse(&format!("did:plc:{name:a<24}")).expect("as it was made"),
            directory: Arc::new(register),
            address: listener.local_addr().expect("as it was made"),
            shared: Arc::default(),
        };
        labeler.sign_with(Some(PrivateKey::generate_k256()));
        labeler.publish();
        let shared = Arc::clone(&labeler.shared);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, Arc::clone(&shared)));
            }
        });
        labeler
    }

    /// Signs with another key from now on, without telling.
    pub fn sign_with(&self, key: Option<PrivateKey>) {
        *self.shared.key.lock().expect("nobody panicked") = key;
    }

    /// With which it signs.
    #[must_use]
    pub fn key(&self) -> Option<PrivateKey> {
        self.shared.key.lock().expect("nobody panicked").clone()
    }

    /// Puts its present key into the directory.
    pub fn publish(&self) {
        let did = self.did.as_str();
        let mut document = json!({
            "id": did,
            "service": [{
                "id": "#atproto_labeler", "type": "AtprotoLabeler", "serviceEndpoint": format!("http://{}", self.address),
            }],
        });
        if let Some(key) = self.key() {
            document["verificationMethod"] = json!([{
                "id": format!("{did}#atproto_label"), "type": "Multikey", "controller": did,
                "publicKeyMultibase": key.public().multikey(),
            }]);
        }
        (self.directory)(did, document);
    }

    /// Says these in one message; its number.
    #[expect(clippy::must_use_candidate, reason = "it is said for its effect")]
    pub fn say(&self, spoken: &[Spoken]) -> i64 {
        let next = self.shared.log.lock().expect("nobody panicked").last + 1;
        self.send(labels(next, spoken, self.key().as_ref()));
        i64::try_from(next).expect("as it was made")
    }

    /// Sends whatever a test wants, which counts as a message.
    pub fn send(&self, message: impl Into<Message>) {
        let mut log = self.shared.log.lock().expect("nobody panicked");
        log.last += 1;
        let number = log.last;
        log.messages.push((number, message.into()));
        let count = log.messages.len();
        drop(log);
        self.shared.changed.send_modify(|(known, _)| *known = count);
    }

    /// Forgets everything and counts from the beginning.
    pub fn start_over(&self) {
        *self.shared.log.lock().expect("nobody panicked") = Log::default();
        self.disconnect();
    }

    /// Ends every connection with this from now on.
    pub fn refuse(&self, refusal: Option<Vec<u8>>) {
        self.shared.log.lock().expect("nobody panicked").refusal = refusal;
        self.disconnect();
    }

    /// Closes all connections.
    pub fn disconnect(&self) {
        self.shared.changed.send_modify(|(_, disconnects)| *disconnects += 1);
    }

    /// What it answers to queries, in two pages.
    pub fn answer_with(&self, answers: &[Spoken]) {
        *self.shared.answers.lock().expect("nobody panicked") = answers.to_vec();
    }

    /// Streams that are read now.
    #[must_use]
    pub fn open_connections(&self) -> usize {
        self.shared.connections.lock().expect("nobody panicked").open
    }

    /// What was asked for at the beginning of every connection so far.
    #[must_use]
    pub fn cursors(&self) -> Vec<u64> {
        self.shared.connections.lock().expect("nobody panicked").cursors.clone()
    }

    /// All queries so far.
    #[must_use]
    pub fn queries(&self) -> Vec<Url> {
        self.shared.connections.lock().expect("nobody panicked").queries.clone()
    }
}

async fn serve(connection: TcpStream, shared: Arc<Shared>) {
    let mut beginning = [0; 64];
    let peeked = connection.peek(&mut beginning).await.unwrap_or(0);
    if beginning[..peeked].starts_with(b"GET /xrpc/com.atproto.label.subscribeLabels") {
        stream(connection, &shared).await;
    } else {
        answer(connection, |target| Some(query(&shared, target))).await;
    }
}

fn query(shared: &Shared, target: &str) -> Value {
    let url = Url::parse(&format!("http://host{target}")).expect("as it was made");
    let second = url.query_pairs().any(|(key, _)| key == "cursor");
    shared.connections.lock().expect("nobody panicked").queries.push(url);
    let key = shared.key.lock().expect("nobody panicked").clone();
    let labels: Vec<Value> = shared
        .answers
        .lock()
        .expect("nobody panicked")
        .iter()
        .map(|spoken| spoken.json(key.as_ref()))
        .collect();
    let (first_half, second_half) = labels.split_at(labels.len() / 2);
    if second { json!({ "labels": second_half }) } else { json!({ "labels": first_half, "cursor": "1" }) }
}

async fn stream(connection: TcpStream, shared: &Shared) {
    let mut changed = shared.changed.subscribe();
    let disconnects = changed.borrow_and_update().1;
    let mut cursor = 0;
    #[expect(clippy::result_large_err, reason = "the signature of the handshake's callback")]
    let accept = |request: &Request, response: Response| {
        let url = Url::parse(&format!("ws://host{}", request.uri())).expect("as it was made");
        cursor = url
            .query_pairs()
            .find(|(key, _)| key == "cursor")
            .expect("as it was made")
            .1
            .parse()
            .expect("as it was made");
        Ok(response)
    };
    let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(connection, accept).await else { return };
    {
        let mut connections = shared.connections.lock().expect("nobody panicked");
        connections.cursors.push(cursor);
        connections.open += 1;
    }
    let _open = Open(shared);
    let refusal = {
        let log = shared.log.lock().expect("nobody panicked");
        let future = (cursor > log.last).then(|| error("FutureCursor"));
        log.refusal.clone().or(future)
    };
    if let Some(refusal) = refusal {
        let _ = socket.send(refusal.into()).await;
        let _ = socket.close(None).await;
        return;
    }
    loop {
        let news: Vec<(u64, Message)> = {
            let log = shared.log.lock().expect("nobody panicked");
            log.messages.iter().filter(|(number, _)| *number > cursor).cloned().collect()
        };
        for (number, message) in news {
            cursor = number;
            if socket.send(message).await.is_err() {
                return;
            }
        }
        tokio::select! {
            woken = changed.changed() => {
                if woken.is_err() || changed.borrow().1 != disconnects {
                    let _ = socket.close(None).await;
                    return;
                }
            }
            incoming = socket.next() => if incoming.is_none_or(|message| message.is_err()) { return },
        }
    }
}

/// Counts a connection until it is dropped.
struct Open<'s>(&'s Shared);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.connections.lock().expect("nobody panicked").open -= 1;
    }
}
