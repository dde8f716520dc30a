//! What came, and what became of it.

/// Says what the numbers mean.
pub(super) fn describe() {
    metrics::describe_counter!("ingest_events_total", "Messages of the stream, by kind");
    metrics::describe_counter!("ingest_dropped_total", "Messages that were not applied, by reason");
    metrics::describe_counter!("ingest_changes_total", "Records that were written or removed by the stream");
    metrics::describe_counter!("ingest_gaps_total", "Stretches of the stream that were missed");
    metrics::describe_counter!(
        "ingest_torn_repos_total",
        "Repositories that are fetched anew because something was left out"
    );
    metrics::describe_counter!("ingest_stalls_total", "Times that a batch had to wait for the database");
    metrics::describe_gauge!(
        "ingest_lag_seconds",
        "Time between an event at its source and its effect here, as of the last commit"
    );
    metrics::describe_gauge!("ingest_connected", "1 while the stream is followed by this instance, else 0");
    metrics::describe_gauge!("ingest_queue_chunks", "Chunks of events that wait for the database; at most 4");
}

/// Counts a message by its kind.
pub(super) fn received(kind: &'static str) {
    metrics::counter!("ingest_events_total", "kind" => kind).increment(1);
}

/// Counts what is not applied, by the reason.
pub(super) fn dropped(reason: &'static str) {
    metrics::counter!("ingest_dropped_total", "reason" => reason).increment(1);
}

/// How many chunks wait for the database.
pub(super) fn waiting(chunks: usize) {
    metrics::gauge!("ingest_queue_chunks").set(u32::try_from(chunks).unwrap_or(u32::MAX));
}

/// Whether the stream is followed.
pub(super) fn connected(connected: bool) {
    metrics::gauge!("ingest_connected").set(f64::from(u8::from(connected)));
}
