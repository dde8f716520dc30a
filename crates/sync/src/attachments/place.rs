//! Where an attachment is: its reference, and its URL as the caller reaches this server.

use axum::http::HeaderMap;
use http::header::HOST;
use server::Target;

/// `sessions/SESSION/attachments/NAME`.
pub(super) fn reference(session: &str, name: &str) -> String {
    format!("sessions/{session}/attachments/{name}")
}

/// The URL of an attachment. The server is called what the caller calls it: only the caller uses it.
pub(super) fn url(headers: &HeaderMap, target: &Target, session: &str, name: &str) -> String {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = header("x-forwarded-proto").filter(|scheme| *scheme == "https").unwrap_or("http");
    let host = header("x-forwarded-host").or_else(|| header(HOST.as_str())).unwrap_or("localhost");
    let path = target.path();
    let base = &path[..path.find("/v1/sessions/").unwrap_or(0)];
    format!("{scheme}://{host}{base}/v1/{}", reference(session, name))
}

/// Whether it can be the name of an attachment.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains("..") && !name.contains('/')
}
