//! Whether the Jetstream server takes subscribers.

use std::time::Duration;

use atproto::jetstream::PATH;
use outbound::WebSocketOptions;

use super::Finding;
use super::patient::Patient;

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let server = &patient.settings.jetstream_url;
    vec![match handshake(patient).await {
        Ok(()) => Finding::ok(format!("{server} takes subscribers")),
        Err(error) => Finding::fail(
            format!("{server}: {error}"),
            "without it no records arrive: check the network and jetstream_url, or name another server there",
        ),
    }]
}

async fn handshake(patient: &Patient) -> Result<(), String> {
    let outbound = patient.outbound.clone()?;
    let mut url = patient.settings.jetstream_url.clone();
    url.set_path(&format!("{}{PATH}", url.path().trim_end_matches('/')));
    // Nobody writes records of this kind, so nothing is sent before the connection is closed again.
    url.set_query(Some("wantedCollections=com.example.nothing"));
    let options =
        WebSocketOptions { connect_timeout: Duration::from_secs(10), ..WebSocketOptions::default() };
    outbound.websocket(&url, options).await.map(drop).map_err(|error| error.to_string())
}
