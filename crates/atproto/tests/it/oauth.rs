//! The documents and answers of OAuth: real ones, and every rule broken once.

mod answers;
mod client;
mod loopback_client;
mod server;

use atproto::oauth::DocumentError;
use serde_json::Value;

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// The member whose rule is broken; `?` if the document cannot be read at all.
fn member<T: std::fmt::Debug>(outcome: Result<T, DocumentError>) -> &'static str {
    match outcome.unwrap_err() {
        DocumentError::Member { member, .. } => member,
        DocumentError::Unreadable { .. } => "?",
    }
}
