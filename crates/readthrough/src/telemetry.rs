//! What is measured about asking.

use metrics::{counter, describe_counter, describe_gauge, gauge};

use crate::How;

pub(crate) fn describe() {
    describe_counter!(
        "readthrough_questions_total",
        "Misses that were looked into, by what was missing and outcome"
    );
    describe_counter!(
        "readthrough_refused_total",
        "Questions that were not asked because of a bound, by bound"
    );
    describe_gauge!("readthrough_under_way", "Questions under way");
    describe_counter!(
        "readthrough_cache_failures_total",
        "Operations of the shared cache that failed or took too long"
    );
}

/// `what`: `record` or `list`.
pub(crate) fn settled(what: &'static str, how: How) {
    counter!("readthrough_questions_total", "of" => what, "outcome" => how.name()).increment(1);
}

/// `bound`: `asker`, `total` or `at_once`.
pub(crate) fn refused(bound: &'static str) {
    counter!("readthrough_refused_total", "bound" => bound).increment(1);
}

pub(crate) fn cache_failed() {
    counter!("readthrough_cache_failures_total").increment(1);
}

/// Counts a question as under way until it is dropped.
pub(crate) struct UnderWay;

impl UnderWay {
    pub(crate) fn new() -> Self {
        gauge!("readthrough_under_way").increment(1);
        Self
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        gauge!("readthrough_under_way").decrement(1);
    }
}
