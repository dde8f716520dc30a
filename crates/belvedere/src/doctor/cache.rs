//! Whether the shared cache answers, if there is one.

use cache::Cache;

use super::Finding;
use super::patient::Patient;
use crate::network::CACHE_PREFIX;

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    vec![match &patient.settings.cache_url {
        None => Finding::ok("in the memory of the process"),
        Some(url) => match Cache::connect(url, CACHE_PREFIX).await {
            Ok(_) => Finding::ok("the shared cache answers"),
            Err(error) => Finding::fail(
                error.to_string(),
                "start the server that cache_url names, or leave cache_url out",
            ),
        },
    }]
}
