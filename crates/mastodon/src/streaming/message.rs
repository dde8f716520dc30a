//! What a stream says.

use serde::Serialize;
use serde_json::json;

/// One event. The payload is text, most often JSON: that is how clients expect it, also inside of JSON.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) event: &'static str,
    pub(super) payload: String,
    /// The stream that it belongs to.
    pub(super) stream: Vec<String>,
}

impl Message {
    /// `None` for what cannot be written, which is nothing that is read here.
    pub(super) fn json(stream: &[&str], event: &'static str, payload: &impl Serialize) -> Option<Self> {
        Some(Self::text(stream, event, serde_json::to_string(payload).ok()?))
    }

    pub(super) fn text(stream: &[&str], event: &'static str, payload: String) -> Self {
        Self { event, payload, stream: stream.iter().map(|&name| name.to_owned()).collect() }
    }

    /// As a WebSocket says it.
    pub(super) fn framed(&self) -> String {
        json!({ "stream": self.stream, "event": self.event, "payload": self.payload }).to_string()
    }
}
