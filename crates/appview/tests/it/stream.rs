//! A Jetstream on loopback that says what a test tells it to.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use atproto::Tid;
use futures::SinkExt;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};

/// The events so far, in order; each subscriber gets those after its cursor, then the new ones.
#[derive(Clone)]
pub(crate) struct Stream {
    url: String,
    log: Arc<watch::Sender<Vec<(i64, String)>>>,
}

impl Stream {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}", listener.local_addr().unwrap());
        let log = Arc::new(watch::Sender::new(Vec::new()));
        let stream = Self { url, log };
        let served = stream.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, served.log.subscribe()));
            }
        });
        stream
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A record was written; `record` is JSON text and arrives as it is.
    pub(crate) fn put(&self, did: &str, collection: &str, rkey: &str, record: &str) -> i64 {
        let commit =
            json!({ "operation": "create", "collection": collection, "rkey": rkey, "record": "RECORD" });
        self.commit(did, commit, record)
    }

    /// The same with a CID that may or may not be the record's.
    pub(crate) fn put_as(&self, did: &str, collection: &str, rkey: &str, record: &str, cid: &str) -> i64 {
        let commit = json!({
            "operation": "create", "collection": collection, "rkey": rkey, "record": "RECORD", "cid": cid,
        });
        self.commit(did, commit, record)
    }

    /// A record was deleted.
    pub(crate) fn delete(&self, did: &str, collection: &str, rkey: &str) -> i64 {
        self.commit(did, json!({ "operation": "delete", "collection": collection, "rkey": rkey }), "")
    }

    /// The event's time, which the ingest's cursor reaches when the effects are there.
    fn commit(&self, did: &str, mut commit: Value, record: &str) -> i64 {
        let mut time_us = 0;
        self.log.send_modify(|log| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
            time_us = i64::try_from(now).unwrap().max(log.last().map_or(0, |(last, _)| last + 1));
            commit["rev"] = Tid::new(time_us, 0).unwrap().to_string().into();
            let event = json!({ "did": did, "time_us": time_us, "kind": "commit", "commit": commit });
            log.push((time_us, event.to_string().replace("\"RECORD\"", record)));
        });
        time_us
    }
}

async fn serve(socket: TcpStream, mut log: watch::Receiver<Vec<(i64, String)>>) {
    let mut cursor = 0;
    #[expect(clippy::result_large_err, reason = "the callback's signature")]
    let read_cursor = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        let query = request.uri().query().unwrap_or_default();
        let given = query.split('&').find_map(|pair| pair.strip_prefix("cursor="));
        // Without one, a subscriber hears everything since the test began.
        cursor = given.map_or(0, |cursor| cursor.parse().unwrap());
        Ok(response)
    };
    let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(socket, read_cursor).await else { return };
    loop {
        let news: Vec<_> =
            log.borrow_and_update().iter().filter(|(time, _)| *time >= cursor).cloned().collect();
        for (time_us, event) in news {
            if socket.send(Message::text(event)).await.is_err() {
                return;
            }
            cursor = time_us + 1;
        }
        if log.changed().await.is_err() {
            return;
        }
    }
}
