//! Whether names can be looked up.

use super::Finding;
use super::patient::Patient;

/// Any answer will do, also that there is no such name.
const NAME: &str = "_atproto.bsky.app";

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let server = patient
        .settings
        .dns_server
        .map_or_else(|| "the system's server".to_owned(), |server| server.to_string());
    let answer = match &patient.outbound {
        Ok(outbound) => outbound.txt(NAME).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.clone()),
    };
    vec![match answer {
        Ok(_) => Finding::ok(format!("{server} answers")),
        Err(error) => Finding::fail(
            format!("{server}: {error}"),
            "without DNS no handle and no lexicon authority is found: check the network, or set dns_server",
        ),
    }]
}
