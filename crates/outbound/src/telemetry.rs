//! What is measured about outgoing connections.

use std::time::Duration;

use http::StatusCode;
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};

use crate::error::Error;

/// Gives the metrics their descriptions.
pub(crate) fn describe() {
    describe_counter!("outbound_requests_total", "HTTP requests by outcome (status class or error)");
    describe_counter!("outbound_refused_total", "Connections refused by the guard, by reason");
    describe_counter!("outbound_received_bytes_total", Unit::Bytes, "Body bytes received, decompressed");
    describe_counter!("outbound_websockets_total", "WebSocket connections by outcome");
    describe_counter!("outbound_dns_txt_total", "TXT look-ups by outcome");
    describe_histogram!(
        "outbound_request_seconds",
        Unit::Seconds,
        "Time from sending a request to the end of its answer, redirects included"
    );
}

pub(crate) fn requested(result: Result<StatusCode, &Error>, elapsed: Duration) {
    let outcome = match result {
        Ok(status) => class(status),
        Err(error) => error.label(),
    };
    counter!("outbound_requests_total", "outcome" => outcome).increment(1);
    histogram!("outbound_request_seconds").record(elapsed.as_secs_f64());
    refused(result.err());
}

pub(crate) fn connected(error: Option<&Error>) {
    counter!("outbound_websockets_total", "outcome" => error.map_or("open", Error::label)).increment(1);
    refused(error);
}

pub(crate) fn looked_up(error: Option<&Error>) {
    counter!("outbound_dns_txt_total", "outcome" => error.map_or("answered", Error::label)).increment(1);
}

pub(crate) fn received(bytes: usize) {
    counter!("outbound_received_bytes_total").increment(bytes as u64);
}

fn refused(error: Option<&Error>) {
    if let Some(Error::Refused { attempt, reason }) = error {
        counter!("outbound_refused_total", "reason" => reason.as_str()).increment(1);
        tracing::debug!(%attempt, ?reason, "outgoing connection refused");
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
