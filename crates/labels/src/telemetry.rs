//! What is measured about labels.

use metrics::{counter, describe_counter, describe_gauge, gauge};

pub(crate) fn describe() {
    describe_counter!("labels_stored_total", "Labels and negations written");
    describe_counter!(
        "labels_dropped_total",
        "Labels and messages of labelers that were left out, by reason"
    );
    describe_counter!("labels_info_total", "Messages of labelers about their stream");
    describe_counter!("labels_stalls_total", "Times that a subscription waited for the database");
    describe_gauge!("labels_connected", "Labelers whose stream is followed by this instance");
    describe_counter!("labels_queries_total", "Requests for the labels of new records, by outcome");
    describe_counter!(
        "labels_queries_dropped_total",
        "New records whose labels are not asked for, by reason"
    );
}

pub(crate) fn stored(labels: u64) {
    counter!("labels_stored_total").increment(labels);
}

pub(crate) fn dropped(reason: &'static str, labels: u64) {
    counter!("labels_dropped_total", "reason" => reason).increment(labels);
}

pub(crate) fn informed() {
    counter!("labels_info_total").increment(1);
}

pub(crate) fn stalled() {
    counter!("labels_stalls_total").increment(1);
}

/// `outcome`: `answered` or `failed`.
pub(crate) fn queried(outcome: &'static str) {
    counter!("labels_queries_total", "outcome" => outcome).increment(1);
}

/// `reason`: `queue_full` or `failed`.
pub(crate) fn not_queried(reason: &'static str, records: u64) {
    counter!("labels_queries_dropped_total", "reason" => reason).increment(records);
}

/// Counts a stream as connected until it is dropped.
pub(crate) struct Connected;

impl Connected {
    pub(crate) fn new() -> Self {
        gauge!("labels_connected").increment(1);
        Self
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        gauge!("labels_connected").decrement(1);
    }
}
