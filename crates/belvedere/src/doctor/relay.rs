//! Whether the relay answers.

use super::Finding;
use super::patient::Patient;

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let url = &patient.settings.relay_url;
    vec![match patient.get(url, "/xrpc/_health").await {
        Ok(_) => Finding::ok(format!("{url} answers")),
        Err(error) => Finding::warn(
            format!("{url}: {error}"),
            "only needed to find repositories: check the network and relay_url",
        ),
    }]
}
