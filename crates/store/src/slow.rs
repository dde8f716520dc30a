//! Statements that take long are told of, whoever ran them.

use std::time::{Duration, Instant};

use crate::error::excerpt;

/// What takes longer is slow: nothing that somebody waits for should.
const LIMIT: Duration = Duration::from_millis(250);

/// Begins to count the time of a statement.
pub(crate) fn begin() -> Instant {
    Instant::now()
}

/// A statement has ended, and what was done with its rows. Values are never in its text, so it can be logged; no statement can make
/// more lines than it takes time.
pub(crate) fn end(started: Instant, sql: &str) {
    let elapsed = started.elapsed();
    if elapsed >= LIMIT {
        metrics::counter!("store_slow_statements_total").increment(1);
        tracing::warn!(?elapsed, sql = excerpt(sql), "a slow statement");
    }
}
