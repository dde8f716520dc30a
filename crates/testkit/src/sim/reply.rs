//! Answers, before it is decided how they are sent.

use bytes::Bytes;
use serde_json::{Value, json};

/// An answer to a request.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) body: Bytes,
    /// Noise follows the body, without end.
    pub(super) endless: bool,
}

impl Reply {
    pub(super) fn json(value: &Value) -> Self {
        Self::text(value.to_string())
    }

    /// JSON as it is.
    pub(super) fn text(json: String) -> Self {
        Self {
            status: 200,
            content_type: "application/json; charset=utf-8",
            body: json.into(),
            endless: false,
        }
    }

    pub(super) fn car(body: Bytes) -> Self {
        Self { status: 200, content_type: "application/vnd.ipld.car", body, endless: false }
    }

    /// The error body of XRPC.
    pub(super) fn error(status: u16, name: &str, message: &str) -> Self {
        Self { status, ..Self::json(&json!({ "error": name, "message": message })) }
    }

    pub(super) fn invalid(message: &str) -> Self {
        Self::error(400, "InvalidRequest", message)
    }
}
