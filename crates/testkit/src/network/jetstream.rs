//! The stream: cut, stalled, fed by hand.

use super::Network;
use serde::Deserialize;
use serde_json::{Value, json};

/// The state of the stream.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JetstreamStatus {
    /// Events kept for replay.
    pub events: u64,
    /// The `time_us` of the oldest event kept.
    pub first_time_us: Option<i64>,
    /// The `time_us` of the newest event.
    pub last_time_us: Option<i64>,
    /// Connected subscribers.
    pub subscribers: u64,
    /// The collections each of them asked for; none means all.
    pub wanted: Vec<Vec<String>>,
    /// Whether it is stalled.
    pub paused: bool,
}

impl Network {
    /// The state of the stream.
    pub async fn jetstream_status(&self) -> JetstreamStatus {
        self.ask("/jetstream").await
    }

    /// Closes the connections of all subscribers; they may come back at once.
    pub async fn disconnect_jetstream(&self) {
        let _: Value = self.tell("/jetstream/disconnect", &json!({})).await;
    }

    /// Stalls the stream with its connections open.
    pub async fn pause_jetstream(&self) {
        let _: Value = self.tell("/jetstream/pause", &json!({})).await;
    }

    /// Lets a stalled stream go on.
    pub async fn resume_jetstream(&self) {
        let _: Value = self.tell("/jetstream/resume", &json!({})).await;
    }

    /// Puts events of the form `{did, kind, commit | identity | account}` on the stream, with a new `time_us`.
    pub async fn inject_events(&self, events: &[Value]) {
        let _: Value = self.tell("/jetstream/inject", &json!({ "events": events })).await;
    }

    /// Sends a text as it is to the subscribers there are now.
    pub async fn inject_raw(&self, text: &str) {
        let _: Value = self.tell("/jetstream/inject", &json!({ "raw": text })).await;
    }
}
