//! Socket.IO as a route of the shell.

use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION,
    TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderValue, StatusCode};
use hyper::upgrade::OnUpgrade;
use serde_json::Value;
use server::{Access, Route, Sent};
use socketioxide::SocketIo;
use tower::ServiceExt;

use super::handshake::Entrance;
use crate::services::Services;

/// The largest packet of a client in bytes; a larger one closes the connection (spec/sync.md §3.1).
const MAX_PAYLOAD: usize = 1_000_000;

/// How long a client may take to say who it is, and this server to find out; then the connection is closed (spec/sync.md §3.1).
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// Packets on their way to one socket. What it cannot take it gets from the log.
const BUFFER: usize = 1024;

/// What each socket holds to read into, in bytes; it grows for a larger packet. Most sockets say nothing most of the time.
const READ_BUFFER: usize = 512;

/// What is kept of a request for as long as its socket lives.
const KEPT: [HeaderName; 8] = [
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_VERSION,
    TRANSFER_ENCODING,
    UPGRADE,
    HeaderName::from_static("x-happy-client"),
];

/// Refusals are short.
const MAX_REFUSAL: usize = 4096;

/// The Socket.IO server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Door {
    /// One service behind a type that can be named.
    service: Router,
    io: SocketIo,
}

impl Door {
    pub(crate) fn open(services: &Services) -> Self {
        let (service, io) = SocketIo::builder()
            .req_path("/v1/updates")
            .ping_interval(Duration::from_secs(15))
            .ping_timeout(Duration::from_secs(45))
            .connect_timeout(CONNECT_TIMEOUT)
            .ack_timeout(Duration::from_secs(30))
            .max_payload(MAX_PAYLOAD as u64)
            .ws_max_message_size(MAX_PAYLOAD)
            .ws_max_frame_size(MAX_PAYLOAD)
            .ws_read_buffer_size(READ_BUFFER)
            .max_buffer_size(BUFFER)
            .build_svc();
        io.ns("/", Entrance(services.clone()));
        Self { service: Router::new().fallback_service(service), io }
    }

    /// Closes every socket.
    pub(crate) async fn close(&self) {
        self.io.close().await;
    }
}

pub(crate) fn routes() -> Vec<Route<Door>> {
    let (path, anybody) = ("/v1/updates/", Access::Public);
    vec![
        Route::get(path, anybody, "Socket.IO: the handshake says who it is", enter),
        Route::post(path, anybody, "Socket.IO packets by polling", enter).body_limit(MAX_PAYLOAD),
    ]
}

async fn enter(State(door): State<Door>, request: Request) -> Response {
    let Ok(response) = door.service.oneshot(detached(request)).await;
    if response.status() == StatusCode::BAD_REQUEST { with_numeric_code(response).await } else { response }
}

/// The same request, holding nothing of the connection it came by: what is parsed from the connection's buffer keeps all of it, for
/// as long as the library keeps the request, which is as long as the socket lives.
fn detached(request: Request) -> Request {
    let (head, body) = request.into_parts();
    let mut detached = Request::new(body);
    *detached.method_mut() = head.method;
    *detached.version_mut() = head.version;
    // Both were parsed from the same text before.
    *detached.uri_mut() = head.uri.to_string().parse().unwrap_or_default();
    for name in KEPT {
        for value in head.headers.get_all(&name) {
            if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
                detached.headers_mut().append(name.clone(), value);
            }
        }
    }
    let mut extensions = head.extensions;
    if let Some(upgrade) = extensions.remove::<OnUpgrade>() {
        detached.extensions_mut().insert(upgrade);
    }
    if let Some(sent) = extensions.remove::<Sent>() {
        detached.extensions_mut().insert(sent);
    }
    detached
}

/// The library writes the code of a refusal as a text, the protocol as a number.
async fn with_numeric_code(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let body = to_bytes(body, MAX_REFUSAL).await.unwrap_or_default();
    let Ok(mut refusal) = serde_json::from_slice::<Value>(&body) else {
        return Response::from_parts(head, body.into());
    };
    if let Some(code) = refusal["code"].as_str().and_then(|code| code.parse::<u8>().ok()) {
        refusal["code"] = code.into();
    }
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, refusal.to_string().into())
}
