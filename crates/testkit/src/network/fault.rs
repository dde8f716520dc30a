//! Faults put in front of the network's parts.

use super::Network;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Something that goes wrong with certain requests.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// `plc`, `pds`, `relay`, `jetstream` (its WebSocket upgrades), `labeler` or `*`.
    pub target: String,
    /// A part of `METHOD /path?query`; empty matches all.
    #[serde(rename = "match")]
    pub matching: String,
    /// Answer with this status instead; 0 lets the request through.
    pub status: u16,
    /// Wait first.
    pub delay_ms: u64,
    /// Close the connection without an answer.
    pub drop: bool,
    /// How often; `None` until cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// How likely, from 0 to 1.
    pub probability: f64,
    /// The body of the answer; the usual error body if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// Headers of the answer: an object of strings.
    pub headers: Value,
}

impl Fault {
    /// A fault that lets everything through, to be given an effect.
    #[must_use]
    pub fn at(target: &str, matching: &str) -> Self {
        Self {
            target: target.into(),
            matching: matching.into(),
            status: 0,
            delay_ms: 0,
            drop: false,
            count: None,
            probability: 1.0,
            body: None,
            headers: json!({}),
        }
    }
}

#[derive(Deserialize)]
struct Rule {
    id: u64,
    hits: u64,
}

impl Network {
    /// Puts a fault in place and returns its number.
    pub async fn set_fault(&self, fault: &Fault) -> u64 {
        let rule: Rule = self.tell("/faults", &json!(fault)).await;
        rule.id
    }

    /// How many requests a fault has met; 0 if it is gone.
    pub async fn fault_hits(&self, id: u64) -> u64 {
        let rules: Vec<Rule> = self.ask("/faults").await;
        rules.iter().find(|rule| rule.id == id).map_or(0, |rule| rule.hits)
    }

    /// Takes one fault away.
    pub async fn clear_fault(&self, id: u64) {
        let _: Value = self.cancel(&format!("/faults?id={id}")).await;
    }

    /// Takes all faults away.
    pub async fn clear_faults(&self) {
        let _: Value = self.cancel("/faults").await;
    }
}
