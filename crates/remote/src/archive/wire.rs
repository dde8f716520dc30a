//! The JSON of plans.

use atproto::{Did, Nsid};
use serde::{Deserialize, Serialize};

/// Body of `planSnapshot`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Question<'a> {
    pub(super) kinds: &'static [&'static str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) collections: &'a [Nsid],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) dids: &'a [Did],
    pub(super) after_seq: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) before_seq: Option<u64>,
}

/// One page of a plan.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    pub(super) planned_through_seq: u64,
    pub(super) sealed_tip_seq: u64,
    pub(super) segments: Vec<WireSegment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireSegment {
    pub(super) name: String,
    pub(super) index: u64,
    pub(super) min_seq: u64,
    pub(super) max_seq: u64,
    pub(super) mode: String,
    #[serde(default)]
    pub(super) blocks: Vec<BlockRange>,
}

#[derive(Deserialize)]
pub(super) struct BlockRange {
    pub(super) first: u32,
    /// Included.
    pub(super) last: u32,
}
