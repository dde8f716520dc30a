//! Whether there is anything to do.

use appview::Lexicons;

use super::Finding;
use super::patient::{Opened, Patient};

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let Opened::Open(store) = &patient.store else { return Vec::new() };
    vec![match Lexicons::open(store).list().await {
        Ok(lexicons) if lexicons.is_empty() => Finding::warn(
            "there are none, so nothing is indexed and nothing served",
            "add one: belvedere lexicon add xyz.statusphere.status",
        ),
        Ok(lexicons) => {
            let records = lexicons.iter().filter(|lexicon| lexicon.kind == "record").count();
            Finding::ok(format!("{}, of which {records} name collections to index", lexicons.len()))
        }
        Err(error) => Finding::fail(error.to_string(), "see database"),
    }]
}
