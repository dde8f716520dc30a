//! Whether the servers that records arrive from take subscribers.

use std::time::Duration;

use outbound::WebSocketOptions;
use records::Upstream;

use super::Finding;
use super::patient::Patient;

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let mut findings = Vec::new();
    for upstream in patient.settings.upstreams() {
        let (server, setting) = match &upstream {
            Upstream::Jetstream(server) => (server, "jetstream_url"),
            Upstream::Firehose(server) => (server, "firehose_url"),
        };
        findings.push(match handshake(patient, &upstream).await {
            Ok(()) => Finding::ok(format!("{server} takes subscribers")),
            Err(error) => Finding::fail(
                format!("{server}: {error}"),
                format!(
                    "without it no records arrive: check the network and {setting}, or name another server there"
                ),
            ),
        });
    }
    findings
}

async fn handshake(patient: &Patient, upstream: &Upstream) -> Result<(), String> {
    let outbound = patient.outbound.clone()?;
    let options =
        WebSocketOptions { connect_timeout: Duration::from_secs(10), ..WebSocketOptions::default() };
    outbound.websocket(&upstream.probe(), options).await.map(drop).map_err(|error| error.to_string())
}
