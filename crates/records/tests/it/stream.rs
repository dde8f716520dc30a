//! A Jetstream v1 server that sends what a test tells it to.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};

/// Keeps every event it was given and replays from a cursor, as the real one does within its retention.
#[derive(Clone)]
pub(crate) struct Stream {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    events: Mutex<Vec<(i64, Message)>>,
    /// Wakes connections: (number of events, number of disconnects).
    changed: watch::Sender<(usize, usize)>,
    queries: Mutex<Vec<HashMap<String, Vec<String>>>>,
    /// What happens during the next handshake.
    meanwhile: Mutex<Vec<(i64, Message)>>,
}

impl Stream {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            events: Mutex::default(),
            changed: watch::Sender::new((0, 0)),
            queries: Mutex::default(),
            meanwhile: Mutex::default(),
        });
        let accepting = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, Arc::clone(&accepting)));
            }
        });
        Self { address, shared }
    }

    pub(crate) fn url(&self) -> url::Url {
        url::Url::parse(&format!("ws://{}", self.address)).unwrap()
    }

    /// Sends a message to everybody and remembers it under its time.
    pub(crate) fn send(&self, time_us: i64, message: impl Into<Message>) {
        let mut events = self.shared.events.lock().unwrap();
        events.push((time_us, message.into()));
        let count = events.len();
        self.shared.changed.send_modify(|(known, _)| *known = count);
    }

    /// A message that is sent while the next connection is made: whoever asks for no cursor comes too late for it.
    pub(crate) fn send_while_connecting(&self, time_us: i64, message: impl Into<Message>) {
        self.shared.meanwhile.lock().unwrap().push((time_us, message.into()));
    }

    /// Closes all connections.
    pub(crate) fn disconnect(&self) {
        self.shared.changed.send_modify(|(_, disconnects)| *disconnects += 1);
    }

    /// Forgets the events before `time_us`, as retention does.
    pub(crate) fn forget_before(&self, time_us: i64) {
        self.shared.events.lock().unwrap().retain(|(time, _)| *time >= time_us);
    }

    /// The parameters of every connection so far.
    pub(crate) fn queries(&self) -> Vec<HashMap<String, Vec<String>>> {
        self.shared.queries.lock().unwrap().clone()
    }
}

async fn serve(socket: TcpStream, shared: Arc<Shared>) {
    let mut changed = shared.changed.subscribe();
    let disconnects = changed.borrow_and_update().1;
    let mut query = HashMap::<String, Vec<String>>::new();
    let mut sent = 0;
    #[expect(clippy::result_large_err, reason = "the signature of the handshake's callback")]
    let accept = |request: &Request, response: Response| {
        let uri = format!("ws://host{}", request.uri());
        for (key, value) in url::Url::parse(&uri).unwrap().query_pairs() {
            query.entry(key.into_owned()).or_default().push(value.into_owned());
        }
        // Before the client hears that it is connected: what a test sends from then on must reach it.
        let mut events = shared.events.lock().unwrap();
        events.append(&mut shared.meanwhile.lock().unwrap());
        let cursor = query.get("cursor").map(|values| values[0].parse::<i64>().unwrap());
        let first = cursor.and_then(|cursor| events.iter().position(|(time, _)| *time >= cursor));
        sent = first.unwrap_or(events.len());
        Ok(response)
    };
    let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(socket, accept).await else { return };
    shared.queries.lock().unwrap().push(query);
    loop {
        let news: Vec<Message> =
            shared.events.lock().unwrap().iter().skip(sent).map(|(_, message)| message.clone()).collect();
        sent += news.len();
        for message in news {
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

/// A commit event with the right CID, for a record of `com.example.note`.
pub(crate) fn create(did: &str, rkey: &str, rev: &str, time_us: i64, record: &Value) -> String {
    write("create", did, rkey, rev, time_us, record)
}

pub(crate) fn update(did: &str, rkey: &str, rev: &str, time_us: i64, record: &Value) -> String {
    write("update", did, rkey, rev, time_us, record)
}

fn write(operation: &str, did: &str, rkey: &str, rev: &str, time_us: i64, record: &Value) -> String {
    let bytes = record.to_string();
    let inspected =
        atproto::data::record::inspect(bytes.as_bytes(), &atproto::data::Limits::default()).unwrap();
    let cid = inspected.cid.unwrap();
    json!({"did": did, "time_us": time_us, "kind": "commit", "commit": {"rev": rev, "operation": operation,
        "collection": "com.example.note", "rkey": rkey, "record": record, "cid": cid}})
    .to_string()
}

pub(crate) fn delete(did: &str, rkey: &str, rev: &str, time_us: i64) -> String {
    json!({"did": did, "time_us": time_us, "kind": "commit", "commit": {"rev": rev, "operation": "delete",
        "collection": "com.example.note", "rkey": rkey}})
    .to_string()
}
