//! Whether the directory of did:plc identities answers.

use super::Finding;
use super::patient::Patient;

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let url = &patient.settings.plc_url;
    vec![match patient.plc().await {
        Ok(answer) if answer.status < 500 => Finding::ok(format!("{url} answers")),
        Ok(answer) => Finding::warn(
            format!("{url} answers with status {}", answer.status),
            "wait; it has trouble of its own",
        ),
        Err(error) => Finding::fail(
            format!("{url}: {error}"),
            "without it no identity can be resolved: check the network and plc_url",
        ),
    }]
}
