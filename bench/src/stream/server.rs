//! The listener and what it does for one consumer.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context;
use bytes::Bytes;
use futures::{FutureExt, SinkExt, StreamExt};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

use super::subscription::Subscription;
use super::{Frames, Pace};

/// Bytes handed to the kernel at once.
const CHUNK: usize = 256 * 1024;
/// How often a quiet connection hears something, as from the real service.
const PING_PERIOD: Duration = Duration::from_secs(30);

/// A running server on a free loopback port; stops when dropped.
///
/// It has a thread and a runtime of its own, so it runs whatever the measuring thread does.
#[derive(Debug)]
pub struct StreamServer {
    url: String,
    subscribers: Arc<Subscribers>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Who has come so far.
#[derive(Debug, Default)]
struct Subscribers {
    count: AtomicUsize,
    first: OnceLock<Instant>,
}

impl StreamServer {
    /// Starts to serve `frames`, to consumers that ask for compression if and only if those are compressed.
    ///
    /// # Errors
    /// When no port or thread is to be had.
    pub fn start(frames: Arc<Frames>, pace: Pace) -> anyhow::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").context("binding the stream server")?;
        listener.set_nonblocking(true)?;
        let url = format!("ws://{}", listener.local_addr()?);
        let subscribers = Arc::new(Subscribers::default());
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let counter = Arc::clone(&subscribers);
        let thread = std::thread::Builder::new().name("stream".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => {}
                    () = accept(listener, frames, pace, counter) => {}
                }
            });
        })?;
        Ok(Self { url, subscribers, stop: Some(stop), thread: Some(thread) })
    }

    /// `ws://127.0.0.1:PORT`, without the path.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How many subscriptions there have been.
    #[must_use]
    pub fn subscriptions(&self) -> usize {
        self.subscribers.count.load(Ordering::Relaxed)
    }

    /// When the first of them began.
    #[must_use]
    pub fn first_subscription(&self) -> Option<Instant> {
        self.subscribers.first.get().copied()
    }
}

impl Drop for StreamServer {
    fn drop(&mut self) {
        // Fails only if the thread has ended already, which is what is wanted.
        let _ = self.stop.take().map(|stop| stop.send(()));
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

async fn accept(
    listener: std::net::TcpListener,
    frames: Arc<Frames>,
    pace: Pace,
    subscribers: Arc<Subscribers>,
) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    while let Ok((socket, _)) = listener.accept().await {
        let (frames, subscribers) = (Arc::clone(&frames), Arc::clone(&subscribers));
        tokio::spawn(async move {
            // A consumer that goes away (it is killed, or reconnects with other filters) is no error here.
            let _ = serve(socket, &frames, pace, &subscribers).await;
        });
    }
}

async fn serve(
    socket: TcpStream,
    frames: &Frames,
    pace: Pace,
    subscribers: &Subscribers,
) -> anyhow::Result<()> {
    socket.set_nodelay(true)?;
    let mut subscription = Subscription::default();
    #[expect(clippy::result_large_err, reason = "the signature is the library's")]
    let handshake = |request: &Request, response: Response| {
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        let parsed = Subscription::parse(target).and_then(|parsed| parsed.fits(frames));
        match parsed {
            Ok(parsed) => subscription = parsed,
            Err(reason) => {
                let mut refusal = ErrorResponse::new(Some(reason));
                *refusal.status_mut() = StatusCode::BAD_REQUEST;
                return Err(refusal);
            }
        }
        Ok(response)
    };
    let mut websocket = accept_hdr_async(socket, handshake).await?;
    subscribers.count.fetch_add(1, Ordering::Relaxed);
    subscribers.first.get_or_init(Instant::now);
    replay(&mut websocket, frames, &subscription, pace).await?;
    // The end of the stream is not the end of the connection: nothing happens for a while.
    loop {
        match tokio::time::timeout(PING_PERIOD, websocket.next()).await {
            Ok(Some(message)) => drop(message?),
            Ok(None) => return Ok(()),
            Err(_) => websocket.send(Message::Ping(Bytes::new())).await?,
        }
        websocket.flush().await?;
    }
}

/// Writes past the WebSocket library, whole frames at a time, so that both may use the socket in turn.
async fn replay(
    websocket: &mut WebSocketStream<TcpStream>,
    frames: &Frames,
    subscription: &Subscription,
    pace: Pace,
) -> anyhow::Result<()> {
    let mut chunk = Vec::with_capacity(2 * CHUNK);
    for i in subscription.first(frames)..frames.len() {
        if !subscription.wants(frames.collection(i)) {
            continue;
        }
        let wait = pace.wait(frames.time_us(i));
        if chunk.len() >= CHUNK || (wait.is_some() && !chunk.is_empty()) {
            websocket.get_mut().write_all(&chunk).await?;
            chunk.clear();
            answer_pings(websocket).await?;
        }
        if let Some(wait) = wait {
            tokio::time::sleep(wait).await;
        }
        chunk.extend_from_slice(frames.frame(i));
    }
    websocket.get_mut().write_all(&chunk).await?;
    Ok(())
}

/// Reads what the consumer has sent meanwhile; the library answers pings, and `flush` completes the answer
/// before the next raw write.
async fn answer_pings(websocket: &mut WebSocketStream<TcpStream>) -> anyhow::Result<()> {
    while let Some(message) = websocket.next().now_or_never() {
        message.context("the consumer has closed the connection")??;
        websocket.flush().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio_tungstenite::connect_async;

    use super::*;
    use crate::synth::{Event, Parameters, Synth};

    async fn receive(url: &str, count: usize) -> Vec<String> {
        let (mut websocket, _) = connect_async(url).await.unwrap();
        websocket.send(Message::Ping("still here?".into())).await.unwrap();
        let mut events = Vec::new();
        while events.len() < count {
            match websocket.next().await.unwrap().unwrap() {
                Message::Text(text) => events.push(text.to_string()),
                Message::Pong(_) => {}
                other => panic!("unexpected {other:?}"),
            }
        }
        events
    }

    #[tokio::test]
    async fn replays_from_an_inclusive_cursor_and_filters() {
        let synth = Synth::new(Parameters::default());
        let events: Vec<Event> = (0..2_000).map(|k| synth.event(k)).collect();
        let lines: Vec<String> = events.iter().map(|event| event.json(&synth)).collect();
        let server = StreamServer::start(Arc::new(Frames::text(&synth, &events)), Pace::Unbounded).unwrap();

        let all = receive(&format!("{}/subscribe", server.url()), lines.len()).await;
        assert_eq!(all, lines);

        let from = format!("{}/subscribe?cursor={}", server.url(), synth.time_us(1_234));
        assert_eq!(receive(&from, 766).await, lines[1_234..]);

        let wanted: Vec<&String> = lines
            .iter()
            .filter(|line| line.contains("\"collection\":\"app.bsky.graph.") || !line.contains("\"commit\""))
            .collect();
        let filtered = format!("{}/subscribe?wantedCollections=app.bsky.graph.*", server.url());
        assert_eq!(receive(&filtered, wanted.len()).await.iter().collect::<Vec<_>>(), wanted);
        assert_eq!(server.subscriptions(), 3);
    }

    #[tokio::test]
    async fn compressed_frames_are_for_those_who_ask() {
        let synth = Synth::new(Parameters::default());
        let events: Vec<Event> = (0..50).map(|k| synth.event(k)).collect();
        let frames = Frames::compressed(&synth, &events).unwrap();
        assert!(frames.size() < Frames::text(&synth, &events).size() * 2 / 3);
        let server = StreamServer::start(Arc::new(frames), Pace::Unbounded).unwrap();

        let plain = connect_async(format!("{}/subscribe", server.url())).await.unwrap_err().to_string();
        assert!(plain.contains("400"), "{plain}");
        let url = format!("{}/subscribe?compress=true", server.url());
        let (mut websocket, _) = connect_async(url).await.unwrap();
        let mut decompressor =
            atproto::jetstream::Decompressor::new(atproto::jetstream::DICTIONARY, 1 << 20).unwrap();
        for event in &events {
            let Message::Binary(frame) = websocket.next().await.unwrap().unwrap() else { panic!() };
            assert_eq!(decompressor.decompress(&frame).unwrap(), event.json(&synth));
        }
    }
}
