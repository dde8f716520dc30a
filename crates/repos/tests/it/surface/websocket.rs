//! `subscribeRepos` with a WebSocket.

use std::time::Duration;

use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use repos::{Frame, Limits};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::site::{Site, on_each_site};
use crate::frames::{Event, read};
use crate::rig::schemas;

const PATIENCE: Duration = Duration::from_secs(30);

struct Subscriber(WebSocketStream<TcpStream>);

impl Subscriber {
    async fn connect(site: &Site, query: &str) -> Self {
        let host = site.origin.strip_prefix("http://").unwrap();
        let stream = TcpStream::connect(host).await.unwrap();
        let url = format!("ws://{host}/xrpc/com.atproto.sync.subscribeRepos{query}");
        Self(client_async(url, stream).await.unwrap().0)
    }

    /// The next message; `None` when the server has closed.
    async fn next(&mut self) -> Option<Event> {
        loop {
            match tokio::time::timeout(PATIENCE, self.0.next()).await.unwrap() {
                Some(Ok(Message::Binary(bytes))) => return Some(read(&Frame { seq: None, bytes })),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(other)) => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn subscribers_are_told_what_happens_and_what_has_happened() {
    on_each_site(|site| async move {
        let did = site.rig.person("alice").await;
        let mut live = Subscriber::connect(&site, "").await;
        // It has begun when it is told of something: until then, what happens may be before it.
        let first = loop {
            site.rig.put(&did, "a", &rand::random::<u64>().to_string()).await;
            if let Ok(Some(event)) = tokio::time::timeout(Duration::from_secs(2), live.next()).await {
                break event;
            }
        };
        assert_eq!(first.kind, "#commit");
        first.checked();
        let mut late = Subscriber::connect(&site, "?cursor=0").await;
        for seq in 1..=first.seq {
            assert_eq!(late.next().await.unwrap().seq, seq);
        }
        let mut future = Subscriber::connect(&site, "?cursor=1000").await;
        assert_eq!(future.next().await.unwrap().texts["error"], "FutureCursor");
        assert!(future.next().await.is_none());
        // What a subscriber says is not listened to, however much it is.
        let mut loud = Subscriber::connect(&site, "?cursor=0").await;
        _ = loud.0.send(Message::Binary(Bytes::from(vec![0; 1 << 20]))).await;
        site.rig.put(&did, "b", "after that").await;
        while late.next().await.unwrap().ops[0].0 != "com.example.note/b" {}
        // When the server stops, streams end.
        site.stop.cancel();
        while live.next().await.is_some() {}
        assert!(late.next().await.is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_that_takes_nothing_is_cut_off() {
    let database = testkit::TestDatabase::sqlite();
    let limits = Limits { slow_subscriber: Duration::from_millis(200), subscribers: 1, ..Limits::default() };
    let site = Site::alone(database.open(&schemas()).await, limits).await;
    let did = site.rig.person("alice").await;
    // More than the buffers of a connection hold.
    for number in 0..24 {
        site.rig.put(&did, "a", &number.to_string().repeat(400_000)).await;
    }
    let mut slow = Subscriber::connect(&site, "?cursor=0").await;
    // Nothing is read until its place is free again.
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let mut next = loop {
        let host = site.origin.strip_prefix("http://").unwrap();
        let stream = TcpStream::connect(host).await.unwrap();
        let url = format!("ws://{host}/xrpc/com.atproto.sync.subscribeRepos?cursor=0");
        if let Ok((socket, _)) = client_async(url, stream).await {
            break Subscriber(socket);
        }
        assert!(tokio::time::Instant::now() < deadline, "the place is never free");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(next.next().await.unwrap().seq, 1);
    // What it was sent before is whole and in order, and it was not everything.
    let mut last = 0;
    while let Some(event) = slow.next().await {
        match &*event.kind {
            "error" => assert_eq!(event.texts["error"], "ConsumerTooSlow"),
            _ => {
                assert_eq!(event.seq, last + 1);
                last = event.seq;
            }
        }
    }
    assert!(last < 27, "{last}");
}
