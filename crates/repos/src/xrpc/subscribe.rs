//! `com.atproto.sync.subscribeRepos`: the log over a WebSocket (spec/registry.md §4.9).

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use futures::{SinkExt, StreamExt};
use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::{HeaderMap, HeaderValue, StatusCode};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use server::Problem;
use tokio::sync::OwnedSemaphorePermit;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use tracing::{debug, error};

use super::Surface;
use super::surface::{parameters, problem};
use crate::{Error as ReposError, Subscription};

/// Subscribers have nothing to say but pings.
const MAX_INCOMING: usize = 4 << 10;

/// How often a subscriber that is told nothing is asked whether it is there.
const PING: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
struct Asked {
    cursor: Option<i64>,
}

/// The handshake (RFC 6455 §4.2); the stream follows on a task of its own.
pub(super) async fn subscribe(
    State(surface): State<Surface>,
    mut request: Request,
) -> Result<Response, Problem> {
    let Asked { cursor } = parameters(&request)?;
    let accept = accepted(request.headers()).ok_or_else(no_websocket)?;
    let upgrade = request.extensions_mut().remove::<OnUpgrade>().ok_or_else(no_websocket)?;
    let place = Arc::clone(&surface.repos.shared.subscribers).try_acquire_owned();
    let place = place.map_err(|_| problem(ReposError::Busy("subscribers")))?;
    let subscription = surface.repos.subscribe(cursor).await.map_err(problem)?;
    let slow = surface.repos.shared.limits.slow_subscriber;
    tokio::spawn(serve(upgrade, subscription, slow, place));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    Ok(response)
}

/// The answer to the key of a handshake.
fn accepted(headers: &HeaderMap) -> Option<HeaderValue> {
    let says = |name, what: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.split(',').any(|part| part.trim().eq_ignore_ascii_case(what))
    };
    let is_handshake =
        says(UPGRADE, "websocket") && says(CONNECTION, "upgrade") && says(SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(SEC_WEBSOCKET_KEY).filter(|_| is_handshake)?;
    HeaderValue::from_str(&derive_accept_key(key.as_bytes())).ok()
}

fn no_websocket() -> Problem {
    Problem::new(StatusCode::UPGRADE_REQUIRED, "This is a stream: connect with a WebSocket (RFC 6455)")
        .with_header(UPGRADE, HeaderValue::from_static("websocket"))
}

async fn serve(upgrade: OnUpgrade, subscription: Subscription, slow: Duration, place: OwnedSemaphorePermit) {
    let Ok(upgraded) = upgrade.await else { return };
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_INCOMING))
        .max_frame_size(Some(MAX_INCOMING))
        .write_buffer_size(0);
    let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
    match (Told { socket, subscription, slow }).run().await {
        Ok(()) => {}
        Err(Ended::Socket(cause)) => debug!(%cause, "a subscriber has gone"),
        Err(Ended::Log(cause)) => error!(%cause, "the log cannot be read for a subscriber"),
    }
    drop(place);
}

/// One subscriber.
struct Told<S> {
    socket: WebSocketStream<S>,
    subscription: Subscription,
    slow: Duration,
}

/// Why a stream ended before its time.
enum Ended {
    Socket(Error),
    Log(ReposError),
}

impl<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin> Told<S> {
    async fn run(mut self) -> Result<(), Ended> {
        let mut ping = tokio::time::interval(PING);
        loop {
            let message = tokio::select! {
                frame = self.subscription.next() => match frame.map_err(Ended::Log)? {
                    Some(frame) => Message::Binary(frame.bytes),
                    None => break,
                },
                said = self.socket.next() => match said {
                    Some(Ok(Message::Close(_))) | None => break,
                    Some(Ok(_)) => continue,
                    Some(Err(cause)) => return Err(Ended::Socket(cause)),
                },
                _ = ping.tick() => Message::Ping(bytes::Bytes::new()),
            };
            match tokio::time::timeout(self.slow, self.socket.send(message)).await {
                Ok(sent) => sent.map_err(Ended::Socket)?,
                Err(_) => {
                    metrics::counter!("repos_slow_subscribers_total").increment(1);
                    self.subscription.end("ConsumerTooSlow", "messages are not taken in time");
                    // It is behind everything that waits to be sent; whoever reads on finds it.
                    if let Ok(Some(last)) = self.subscription.next().await {
                        let last = self.socket.send(Message::Binary(last.bytes));
                        _ = tokio::time::timeout(self.slow, last).await;
                    }
                    break;
                }
            }
        }
        _ = tokio::time::timeout(self.slow, self.socket.close(None)).await;
        Ok(())
    }
}
