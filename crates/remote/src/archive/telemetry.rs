//! What is measured about reading archives.

use metrics::{Unit, counter, describe_counter};

pub(super) fn describe() {
    describe_counter!("remote_archive_received_bytes_total", Unit::Bytes, "Bytes read from archives");
    describe_counter!("remote_archive_events_total", "Events read from archives that were asked for");
    describe_counter!("remote_archive_rejected_total", "Events of archives that were left out, by reason");
}

pub(super) fn received(bytes: usize) {
    counter!("remote_archive_received_bytes_total").increment(bytes as u64);
}

pub(super) fn read(events: usize) {
    counter!("remote_archive_events_total").increment(events as u64);
}

pub(super) fn rejected(reason: &'static str) {
    counter!("remote_archive_rejected_total", "reason" => reason).increment(1);
}
