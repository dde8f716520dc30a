//! Whether the index holds history.

use super::Finding;
use super::patient::{Opened, Patient};
use crate::unfilled::{ADVICE, is_unfilled};

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let Opened::Open(store) = &patient.store else { return Vec::new() };
    vec![match is_unfilled(store).await {
        Ok(true) => Finding::warn("the index is new: nothing written before is in it", ADVICE),
        Ok(false) => Finding::ok("nothing suggests that it was lost"),
        Err(error) => Finding::fail(format!("{error:#}"), "see database"),
    }]
}
