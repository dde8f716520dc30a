//! WebSocket connections through the guard.

use std::time::{Duration, Instant};

use http::HeaderMap;
use http::header::USER_AGENT;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use url::Url;

use crate::client::Outbound;
use crate::connect::connect;
use crate::error::{Attempt, Error};
use crate::exchange::record;
use crate::host::Host;
use crate::stream::Stream;
use crate::target::{Protocol, Target};
use crate::telemetry;

/// An open WebSocket.
pub type WebSocket = WebSocketStream<Stream>;

/// Bounds and headers of a WebSocket connection.
#[derive(Clone, Debug)]
pub struct WebSocketOptions {
    /// Largest frame accepted, in bytes.
    pub max_frame: usize,
    /// Largest message accepted, in bytes.
    pub max_message: usize,
    /// For everything up to the open WebSocket: DNS, TCP, TLS, handshake.
    pub connect_timeout: Duration,
    /// Headers of the handshake besides those of the protocol.
    pub headers: HeaderMap,
}

impl Default for WebSocketOptions {
    fn default() -> Self {
        Self {
            max_frame: 8 << 20,
            max_message: 8 << 20,
            connect_timeout: Duration::from_secs(10),
            headers: HeaderMap::new(),
        }
    }
}

/// Fits a few hundred of the half-kilobyte events of a busy stream, so that one system call brings many of them.
const READ_BUFFER: usize = 128 << 10;

/// Where a peer that sends pings but never reads gets its connection closed.
const MAX_WRITE_BUFFER: usize = 16 << 20;

impl Outbound {
    /// Opens a WebSocket (RFC 6455): `wss:`, or `ws:` to an exempted host. Redirects are not followed.
    ///
    /// The host's back-off applies, its limit of exchanges under way does not.
    pub async fn websocket(&self, url: &Url, options: WebSocketOptions) -> Result<WebSocket, Error> {
        let attempt = Attempt::new("WebSocket", url);
        let limit = options.connect_timeout;
        let opening = Box::pin(open(self, url, options, &attempt));
        let opened = match tokio::time::timeout(limit, opening).await {
            Ok(opened) => opened,
            Err(_) => Err(Error::Timeout { attempt, limit }),
        };
        telemetry::connected(opened.as_ref().err());
        opened
    }
}

async fn open(
    outbound: &Outbound,
    url: &Url,
    options: WebSocketOptions,
    attempt: &Attempt,
) -> Result<WebSocket, Error> {
    let target = Target::of(url, Protocol::WebSocket, &outbound.policy)
        .map_err(|reason| Error::Refused { attempt: attempt.clone(), reason })?;
    // No place is taken: a connection that lives for weeks is not an exchange under way.
    let host = outbound.host(&target, attempt)?;
    host.check(Instant::now()).map_err(|left| Error::backing_off(attempt, left))?;
    let stream = match connect(outbound, &target, options.connect_timeout, attempt).await {
        Err(error @ Error::Connect { .. }) => {
            host.failed(Instant::now(), None);
            return Err(error);
        }
        connected => connected?,
    };
    handshake(outbound, url, options, stream, &host).await.map_err(|error| match error {
        tungstenite::Error::Http(answer) => {
            Error::Status { attempt: attempt.clone(), status: answer.status() }
        }
        error => Error::Transfer { attempt: attempt.clone(), source: error.into() },
    })
}

async fn handshake(
    outbound: &Outbound,
    url: &Url,
    options: WebSocketOptions,
    stream: Stream,
    host: &Host,
) -> Result<WebSocket, tungstenite::Error> {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .max_frame_size(Some(options.max_frame))
        .max_message_size(Some(options.max_message));
    let request = request(outbound, url, options.headers)?;
    let opened = tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await;
    match &opened {
        Ok(_) => host.succeeded(),
        Err(tungstenite::Error::Http(answer)) => record(host, answer.status(), answer.headers()),
        Err(_) => {}
    }
    opened.map(|(socket, _)| socket)
}

fn request(outbound: &Outbound, url: &Url, headers: HeaderMap) -> Result<Request, tungstenite::Error> {
    let mut request = url.as_str().into_client_request()?;
    request.headers_mut().insert(USER_AGENT, outbound.shared.user_agent.clone());
    request.headers_mut().extend(headers);
    Ok(request)
}
