//! The JSON body of a request, refused in the protocol's words.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use server::Problem;

/// A body of the shape `T`. Unknown keys are ignored; no body at all is an empty object (spec/sync.md §0).
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let format = Format::of(request.headers())?;
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
        let json: &[u8] = match format {
            Format::Json if bytes.is_empty() => b"{}",
            Format::Json => &bytes,
            Format::Other => return Err(invalid("Expected object")),
        };
        serde_json::from_slice(json).map(Self).map_err(|error| match error.classify() {
            Category::Data => invalid(&error),
            Category::Io | Category::Syntax | Category::Eof => {
                Problem::bad_request(error.to_string()).named("SyntaxError")
            }
        })
    }
}

fn invalid(reason: impl std::fmt::Display) -> Problem {
    Problem::bad_request(format!("body/ {reason}")).named("Error")
}

enum Format {
    Json,
    /// Text or bytes: no object, whatever is in it.
    Other,
}

impl Format {
    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(Self::Json) };
        let essence = value.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        match essence.to_ascii_lowercase().as_slice() {
            b"application/json" => Ok(Self::Json),
            b"text/plain" | b"application/octet-stream" => Ok(Self::Other),
            _ => {
                let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
                Err(Problem::new(status, "Unsupported Media Type").named("FastifyError"))
            }
        }
    }
}
