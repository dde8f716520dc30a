//! A labeler: an account in the directory, a stream with a cursor, and answers to queries.

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

use crate::directory::{Directory, answer};
use crate::spoken::{Spoken, labels};

/// Keeps every message it was given and replays those after a cursor, as a real one does.
#[derive(Clone)]
pub(crate) struct Labeler {
    pub(crate) did: Did,
    directory: Directory,
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
    /// One that signs, known to the directory.
    pub(crate) async fn start(directory: &Directory, name: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let labeler = Self {
            did: Did::parse(&format!("did:plc:{name:a<24}")).unwrap(),
            directory: directory.clone(),
            address: listener.local_addr().unwrap(),
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
    pub(crate) fn sign_with(&self, key: Option<PrivateKey>) {
        *self.shared.key.lock().unwrap() = key;
    }

    pub(crate) fn key(&self) -> Option<PrivateKey> {
        self.shared.key.lock().unwrap().clone()
    }

    /// Puts its present key into the directory.
    pub(crate) fn publish(&self) {
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
        self.directory.put(did, document);
    }

    /// Says these in one message; its number.
    pub(crate) fn say(&self, spoken: &[Spoken]) -> i64 {
        let next = self.shared.log.lock().unwrap().last + 1;
        self.send(labels(next, spoken, self.key().as_ref()));
        i64::try_from(next).unwrap()
    }

    /// Sends whatever a test wants, which counts as a message.
    pub(crate) fn send(&self, message: impl Into<Message>) {
        let mut log = self.shared.log.lock().unwrap();
        log.last += 1;
        let number = log.last;
        log.messages.push((number, message.into()));
        let count = log.messages.len();
        drop(log);
        self.shared.changed.send_modify(|(known, _)| *known = count);
    }

    /// Forgets everything and counts from the beginning.
    pub(crate) fn start_over(&self) {
        *self.shared.log.lock().unwrap() = Log::default();
        self.disconnect();
    }

    /// Ends every connection with this from now on.
    pub(crate) fn refuse(&self, refusal: Option<Vec<u8>>) {
        self.shared.log.lock().unwrap().refusal = refusal;
        self.disconnect();
    }

    /// Closes all connections.
    pub(crate) fn disconnect(&self) {
        self.shared.changed.send_modify(|(_, disconnects)| *disconnects += 1);
    }

    /// What it answers to queries, in two pages.
    pub(crate) fn answer_with(&self, answers: &[Spoken]) {
        *self.shared.answers.lock().unwrap() = answers.to_vec();
    }

    pub(crate) fn open_connections(&self) -> usize {
        self.shared.connections.lock().unwrap().open
    }

    pub(crate) fn cursors(&self) -> Vec<u64> {
        self.shared.connections.lock().unwrap().cursors.clone()
    }

    pub(crate) fn queries(&self) -> Vec<Url> {
        self.shared.connections.lock().unwrap().queries.clone()
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
    let url = Url::parse(&format!("http://host{target}")).unwrap();
    let second = url.query_pairs().any(|(key, _)| key == "cursor");
    shared.connections.lock().unwrap().queries.push(url);
    let key = shared.key.lock().unwrap().clone();
    let labels: Vec<Value> =
        shared.answers.lock().unwrap().iter().map(|spoken| spoken.json(key.as_ref())).collect();
    let (first_half, second_half) = labels.split_at(labels.len() / 2);
    if second { json!({ "labels": second_half }) } else { json!({ "labels": first_half, "cursor": "1" }) }
}

async fn stream(connection: TcpStream, shared: &Shared) {
    let mut changed = shared.changed.subscribe();
    let disconnects = changed.borrow_and_update().1;
    let mut cursor = 0;
    #[expect(clippy::result_large_err, reason = "the signature of the handshake's callback")]
    let accept = |request: &Request, response: Response| {
        let url = Url::parse(&format!("ws://host{}", request.uri())).unwrap();
        cursor = url.query_pairs().find(|(key, _)| key == "cursor").unwrap().1.parse().unwrap();
        Ok(response)
    };
    let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(connection, accept).await else { return };
    {
        let mut connections = shared.connections.lock().unwrap();
        connections.cursors.push(cursor);
        connections.open += 1;
    }
    let _open = Open(shared);
    let refusal = {
        let log = shared.log.lock().unwrap();
        let future = (cursor > log.last).then(|| crate::spoken::error("FutureCursor"));
        log.refusal.clone().or(future)
    };
    if let Some(refusal) = refusal {
        let _ = socket.send(refusal.into()).await;
        let _ = socket.close(None).await;
        return;
    }
    loop {
        let news: Vec<(u64, Message)> = {
            let log = shared.log.lock().unwrap();
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
        self.0.connections.lock().unwrap().open -= 1;
    }
}
