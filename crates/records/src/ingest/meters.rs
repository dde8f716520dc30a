//! What came, and what became of it.

/// Counts a message by its kind.
pub(super) fn received(kind: &'static str) {
    metrics::counter!("ingest_events_total", "kind" => kind).increment(1);
}

/// Counts what is not applied, by the reason.
pub(super) fn dropped(reason: &'static str) {
    metrics::counter!("ingest_dropped_total", "reason" => reason).increment(1);
}
