//! What is counted of uploads, holds and collections. Bytes are counted where they pass.

use std::time::Instant;

use hold::Collected;
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};

const UPLOADS: &str = "registry_uploads_total";
const HOLD_SECONDS: &str = "registry_hold_request_seconds";
const COLLECTIONS: &str = "registry_collections_total";
const COLLECTED: &str = "registry_collected_blobs_total";
const FREED: &str = "registry_collected_bytes_total";

pub(crate) fn describe() {
    describe_counter!("registry_bytes_received_total", Unit::Bytes, "Bytes of blobs that clients sent");
    describe_counter!(
        "registry_bytes_sent_total",
        Unit::Bytes,
        "Bytes of blobs that clients were sent from here"
    );
    describe_counter!(UPLOADS, "Uploads that began, were finished, or were given up by their clients");
    describe_histogram!(HOLD_SECONDS, Unit::Seconds, "What other holds take to answer, by how they did");
    describe_counter!(COLLECTIONS, "Collections of garbage, by how they ended");
    describe_counter!(COLLECTED, "Blobs that collections removed");
    describe_counter!(FREED, Unit::Bytes, "What those came to");
}

/// What became of an upload: `begun`, `finished` or `cancelled`.
pub(crate) fn upload(outcome: &'static str) {
    counter!(UPLOADS, "outcome" => outcome).increment(1);
}

/// A hold was asked at `since`.
pub(crate) fn hold_answered(since: Instant, status: Option<http::StatusCode>) {
    let outcome = match status.map(|status| status.as_u16() / 100) {
        None => "unreachable",
        Some(2) => "success",
        Some(5) => "failed",
        Some(_) => "refused",
    };
    histogram!(HOLD_SECONDS, "outcome" => outcome).record(since.elapsed());
}

/// A collection ended, well or not, having removed this.
pub(crate) fn collected(is_whole: bool, removed: &Collected) {
    counter!(COLLECTIONS, "outcome" => if is_whole { "finished" } else { "broken_off" }).increment(1);
    counter!(COLLECTED).increment(removed.garbage);
    counter!(FREED).increment(removed.freed);
}
