//! The handshake of a WebSocket (RFC 6455 §4.2).

use axum::body::Body;
use axum::response::Response;
use http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION,
    UPGRADE,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use server::Problem;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// The answer that makes a connection a WebSocket.
pub(super) fn accepted(headers: &HeaderMap) -> Result<Response, Problem> {
    let accept = key(headers).ok_or_else(no_websocket)?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let answer = response.headers_mut();
    answer.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    answer.insert(UPGRADE, HeaderValue::from_static("websocket"));
    answer.insert(SEC_WEBSOCKET_ACCEPT, accept);
    // Browsers hang up unless one of the protocols that they named is chosen. It is the token, which they know.
    let protocol = headers.get(SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
    let first = protocol.and_then(|list| HeaderValue::from_str(list.split(',').next()?.trim()).ok());
    answer.extend(first.map(|first| (SEC_WEBSOCKET_PROTOCOL, first)));
    Ok(response)
}

fn key(headers: &HeaderMap) -> Option<HeaderValue> {
    let says = |name, what: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.split(',').any(|part| part.trim().eq_ignore_ascii_case(what))
    };
    let is_handshake =
        says(UPGRADE, "websocket") && says(CONNECTION, "upgrade") && says(SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(SEC_WEBSOCKET_KEY).filter(|_| is_handshake)?;
    HeaderValue::from_str(&derive_accept_key(key.as_bytes())).ok()
}

pub(super) fn no_websocket() -> Problem {
    Problem::new(StatusCode::UPGRADE_REQUIRED, "This is a stream: connect with a WebSocket (RFC 6455)")
        .with_header(UPGRADE, HeaderValue::from_static("websocket"))
}
