//! Answers of the protocol.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use http::{HeaderName, HeaderValue, StatusCode};
use oci::Digest;

/// An answer that is put together header by header.
pub(crate) struct Answer(Response);

impl Answer {
    pub(crate) fn new(status: StatusCode) -> Self {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        Self(response)
    }

    /// A list or another text of JSON.
    pub(crate) fn json(media_type: &'static str, json: String) -> Self {
        let mut answer = Self::new(StatusCode::OK).with_static(CONTENT_TYPE, media_type);
        *answer.0.body_mut() = Body::from(json);
        answer
    }

    pub(crate) fn with_static(mut self, name: HeaderName, value: &'static str) -> Self {
        self.0.headers_mut().insert(name, HeaderValue::from_static(value));
        self
    }

    /// What this crate prints for a header is visible ASCII.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers_mut().append(name, value);
        }
        self
    }

    pub(crate) fn digest(self, digest: &Digest) -> Self {
        self.with(oci::header::CONTENT_DIGEST, &digest.to_string())
    }

    pub(crate) fn location(self, location: &str) -> Self {
        self.with(LOCATION, location)
    }

    /// A body of this length; of an answer to `HEAD` only the length.
    pub(crate) fn body(mut self, length: u64, body: Option<Body>) -> Self {
        self.0.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
        if let Some(body) = body {
            *self.0.body_mut() = body;
        }
        self
    }

    /// A body of which nobody says beforehand how long it is.
    pub(crate) fn of_unknown_length(mut self, body: Body) -> Self {
        *self.0.body_mut() = body;
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        self.0
    }
}
