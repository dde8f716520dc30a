//! Answers as ActivityPub, and ways to the REST API for everybody else.

use activitypub::media_type::{Representation, negotiate};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;

use crate::services::Services;

/// With the character set: some ask for it.
const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/activity+json; charset=utf-8");

/// Whether somebody asks for the object itself.
pub(super) fn wants_activity(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    negotiate(accept) == Representation::Activity
}

/// A document.
pub(super) fn document(status: StatusCode, value: &Value) -> Response {
    bytes(status, Bytes::from(value.to_string()))
}

/// A document that is written already.
pub(super) fn bytes(status: StatusCode, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, CONTENT_TYPE);
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    response
}

/// A document that its reader may have: then only that it is still the same.
pub(super) fn tagged(request: &HeaderMap, etag: &HeaderValue, body: Bytes) -> Response {
    let known = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let same = known.flat_map(|list| list.split(',')).any(|known| {
        let known = known.trim();
        known == "*" || known.trim_start_matches("W/").as_bytes() == etag.as_bytes()
    });
    let mut response =
        if same { StatusCode::NOT_MODIFIED.into_response() } else { bytes(StatusCode::OK, body) };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, etag.clone());
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// The way to the same thing for whoever does not ask for the object: to a page of the web app for people, to the REST API for others.
pub(super) fn other(services: &Services, headers: &HeaderMap, page: &str, rest: &str) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let path = match negotiate(accept) {
        Representation::Html => format!("/dashboard/social{page}"),
        Representation::Activity | Representation::Json => format!("/social{rest}"),
    };
    redirect(StatusCode::SEE_OTHER, &format!("{}{path}", services.names.base()))
}

/// The way to another name of the same thing.
pub(super) fn redirect(status: StatusCode, to: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(to) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [(header::LOCATION, location), (header::VARY, HeaderValue::from_static("Accept"))];
    (status, headers).into_response()
}
