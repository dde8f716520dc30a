//! What is measured about reading from others.

use metrics::{Unit, counter, describe_counter};

use crate::{Mode, RemoteError};

/// Gives the metrics their descriptions.
pub(crate) fn describe() {
    describe_counter!("remote_requests_total", "Requests to hosts of repositories, by method and outcome");
    describe_counter!("remote_received_bytes_total", Unit::Bytes, "Bytes of their answers, by method");
    describe_counter!("remote_rejected_records_total", "Records of others that were left out, by reason");
    describe_counter!("remote_untrusted_total", "Repositories whose host is not believed, by reason");
    describe_counter!("remote_parts_total", "Parts of collections that were read, by mode");
    describe_counter!("remote_directory_rejected_total", "Entries of a directory that are no DIDs");
}

pub(crate) fn asked(method: &'static str, error: Option<&RemoteError>) {
    let outcome = match error {
        None => "answered",
        Some(RemoteError::Untrusted { .. }) => "untrusted",
        Some(error) => error.reason(),
    };
    counter!("remote_requests_total", "method" => method, "outcome" => outcome).increment(1);
}

pub(crate) fn received(method: &'static str, bytes: usize) {
    counter!("remote_received_bytes_total", "method" => method).increment(bytes as u64);
}

pub(crate) fn rejected(reason: &'static str) {
    counter!("remote_rejected_records_total", "reason" => reason).increment(1);
}

pub(crate) fn untrusted(reason: &'static str) {
    counter!("remote_untrusted_total", "reason" => reason).increment(1);
}

pub(crate) fn read_part(mode: Mode) {
    counter!("remote_parts_total", "mode" => mode.as_str()).increment(1);
}

pub(crate) fn rejected_by_directory(entries: usize) {
    counter!("remote_directory_rejected_total").increment(entries as u64);
}
