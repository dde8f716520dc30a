//! A stream of a few records: what a Jetstream server sends to whoever subscribes.

use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use atproto::data::Limits;
use atproto::data::record::inspect;
use futures::{SinkExt, StreamExt};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;

/// Whose records they are.
pub(crate) const AUTHOR: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";

/// The record keys, oldest first; they are revisions, too.
pub(crate) const KEYS: [&str; 3] = ["3kulbtuuixs27", "3kulbtuuixt27", "3kulbtuuixu27"];

/// Starts the server, which lives as long as the test, and returns its URL.
pub(crate) async fn start() -> String {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    url
}

/// Sends everything, then nothing until the subscriber leaves.
async fn serve(stream: TcpStream) {
    let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else { return };
    for (key, number) in KEYS.iter().zip(0..) {
        if socket.send(Message::text(event(key, number))).await.is_err() {
            return;
        }
    }
    while let Some(Ok(_)) = socket.next().await {}
}

fn event(key: &str, number: i64) -> String {
    let record = record(number);
    let cid = inspect(record.as_bytes(), &Limits::default()).unwrap().cid.unwrap();
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros()).unwrap();
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    let commit = json!({
        "rev": key, "operation": "create", "collection": "xyz.statusphere.status", "rkey": key,
        "record": record, "cid": cid.to_string(),
    });
    json!({ "did": AUTHOR, "time_us": now + number, "kind": "commit", "commit": commit }).to_string()
}

fn record(number: i64) -> String {
    let status = match number {
        0 => "🐢",
        1 => "🦀",
        _ => "🐙",
    };
    json!({"$type": "xyz.statusphere.status", "createdAt": "2024-05-29T11:48:37.655Z", "status": status})
        .to_string()
}
