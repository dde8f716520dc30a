//! Names of the metrics, for those who read them.

use metrics::describe_counter;

/// Calls that exceeded a limit, by the kind of party that had it.
pub(super) const RATE_LIMITED: &str = "rate_limited_total";

/// Calls that were counted by this instance alone because the shared cache did not answer.
pub(super) const LIMITED_ALONE: &str = "rate_limits_not_shared_total";

pub(super) fn describe() {
    describe_counter!(RATE_LIMITED, "Calls that exceeded a rate limit, by the kind of party that has it");
    describe_counter!(LIMITED_ALONE, "Calls that were counted without the shared cache");
}
