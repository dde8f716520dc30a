//! What is measured about looking up identities.

use metrics::{counter, describe_counter};

/// How a question was answered.
#[derive(Clone, Copy)]
pub(crate) enum Outcome {
    /// From memory, including by a request already under way.
    Remembered,
    /// By the source.
    Found,
    /// From memory, because the source is down.
    Stale,
    /// By the source: there is none.
    NotFound,
    /// By the source, with something that cannot be believed or used.
    Rejected,
    /// Not at all.
    Failed,
}

/// Gives the metrics their descriptions.
pub(crate) fn describe() {
    describe_counter!(
        "identity_lookups_total",
        "Questions about DIDs, handles and lexicon authorities, by outcome"
    );
}

pub(crate) fn looked_up(kind: &'static str, outcome: Outcome) {
    let outcome = match outcome {
        Outcome::Remembered => "remembered",
        Outcome::Found => "found",
        Outcome::Stale => "stale",
        Outcome::NotFound => "not_found",
        Outcome::Rejected => "rejected",
        Outcome::Failed => "failed",
    };
    counter!("identity_lookups_total", "kind" => kind, "outcome" => outcome).increment(1);
}
