//! Streams over a WebSocket, which may be about many topics at once.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::response::Response;
use futures::{SinkExt, StreamExt};
use http::StatusCode;
use http::request::Parts;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use server::Problem;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::OwnedSemaphorePermit;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::feed::Feed;
use super::topic::Topic;
use super::upgrade::{accepted, no_websocket};
use crate::caller::{Known, presented};
use crate::fields::{Fields, query};
use crate::services::Services;

/// What clients say is which streams they want.
const MAX_INCOMING: usize = 8 << 10;

/// Topics of one connection.
const MAX_TOPICS: usize = 30;

/// How often one that is told nothing is asked whether it is there.
const PING: Duration = Duration::from_secs(30);

/// How long a message may take; whoever is slower is cut off.
const SLOW: Duration = Duration::from_secs(10);

/// A place and what is told there.
pub(super) async fn joined(
    services: Services,
    parts: &Parts,
    topics: Vec<Topic>,
) -> Result<(OwnedSemaphorePermit, Feed), Problem> {
    let full =
        || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "There are too many streams. Try again soon.");
    let (place, receiver) = services.streams.join().ok_or_else(full)?;
    let known = parts.extensions.get::<Known>().map(|known| known.token.clone());
    let token = presented(parts).map(std::borrow::Cow::into_owned).zip(known);
    let feed = Feed::open(services, receiver, token, topics).await.map_err(Problem::internal)?;
    if feed.viewer().is_none() && feed.topics.iter().any(Topic::is_ones_own) {
        return Err(Problem::authentication_required());
    }
    Ok((place, feed))
}

pub(super) async fn serve(State(services): State<Services>, request: Request) -> Result<Response, Problem> {
    let (mut parts, _) = request.into_parts();
    let response = accepted(&parts.headers)?;
    let upgrade = parts.extensions.remove::<OnUpgrade>().ok_or_else(no_websocket)?;
    let asked = query(&parts);
    let topics = match asked.filled("stream") {
        Some(_) => vec![Topic::read(&asked).ok_or_else(|| Problem::bad_request("Unknown stream type"))?],
        None => Vec::new(),
    };
    let (place, feed) = joined(services, &parts, topics).await?;
    tokio::spawn(async move {
        let Ok(upgraded) = upgrade.await else { return };
        let config = WebSocketConfig::default()
            .max_message_size(Some(MAX_INCOMING))
            .max_frame_size(Some(MAX_INCOMING))
            .write_buffer_size(0);
        let socket =
            WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
        Told { socket, feed }.run().await;
        drop(place);
    });
    Ok(response)
}

/// One connection.
struct Told<S> {
    socket: WebSocketStream<S>,
    feed: Feed,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Told<S> {
    /// Until either side has enough.
    async fn run(mut self) {
        let mut ping = tokio::time::interval(PING);
        loop {
            let happening = tokio::select! {
                happening = self.feed.wait() => match happening {
                    Some(happening) => Ok(happening),
                    None => break,
                },
                said = self.socket.next() => match said {
                    Some(Ok(Frame::Text(text))) => Err(self.heard(&text)),
                    Some(Ok(Frame::Close(_)) | Err(_)) | None => break,
                    Some(Ok(_)) => continue,
                },
                _ = ping.tick() => Err(vec![Frame::Ping(bytes::Bytes::new())]),
            };
            let frames = match happening {
                Ok(happening) => match self.feed.tell(happening).await {
                    Some(messages) => messages.iter().map(|message| Frame::text(message.framed())).collect(),
                    None => break,
                },
                Err(frames) => frames,
            };
            for frame in frames {
                match tokio::time::timeout(SLOW, self.socket.send(frame)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => return,
                    Err(_) => {
                        metrics::counter!("mastodon_slow_streams_total").increment(1);
                        return;
                    }
                }
            }
        }
        _ = tokio::time::timeout(SLOW, self.socket.close(None)).await;
    }

    /// `{"type": "subscribe", "stream": …}` or `unsubscribe`; what to say to it, which is something only if it is wrong.
    fn heard(&mut self, text: &str) -> Vec<Frame> {
        let wrong =
            |why: &str, status: u16| vec![Frame::text(json!({ "error": why, "status": status }).to_string())];
        let Ok(said) = serde_json::from_str::<Value>(text) else { return wrong("This is no JSON", 400) };
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        let asked = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("stream", text("stream")), ("tag", text("tag"))])
            .finish();
        let Some(topic) = Topic::read(&Fields::of_form(asked.as_bytes())) else {
            return wrong("Unknown stream type", 400);
        };
        match text("type").as_str() {
            "subscribe" if self.feed.viewer().is_none() && topic.is_ones_own() => {
                return wrong("Access token does not have the required scopes", 401);
            }
            "subscribe" if self.feed.topics.contains(&topic) => {}
            "subscribe" if self.feed.topics.len() >= MAX_TOPICS => return wrong("Too many streams", 429),
            "subscribe" => self.feed.topics.push(topic),
            "unsubscribe" => self.feed.topics.retain(|it| *it != topic),
            _ => return wrong("Unknown type of message", 400),
        }
        Vec::new()
    }
}
