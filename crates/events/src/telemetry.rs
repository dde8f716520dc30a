//! What the log counts about itself.

use metrics::{counter, describe_counter};

pub(crate) fn describe() {
    describe_counter!("events_written_total", "events written to the event log");
    describe_counter!("events_dropped_total", "events that are missing from the event log, by reason");
}

pub(crate) fn written(events: usize) {
    counter!("events_written_total").increment(count(events));
}

pub(crate) fn dropped(reason: &'static str, events: usize) {
    counter!("events_dropped_total", "reason" => reason).increment(count(events));
}

fn count(events: usize) -> u64 {
    u64::try_from(events).unwrap_or(u64::MAX)
}
