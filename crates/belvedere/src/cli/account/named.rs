//! Which account is meant on the command line.

use anyhow::Result;
use sync::{Figures, Operator};

use crate::failure::Failure;

/// The account of an id.
pub(super) async fn find(id: &str, operator: &Operator) -> Result<Figures> {
    Ok(operator.account(id).await?.ok_or_else(|| not_here(id))?)
}

pub(super) fn not_here(id: &str) -> Failure {
    Failure::new(
        format!("there is no account {id}"),
        "`belvedere account list` shows the newest; people see their id in what `GET /v1/account/profile` answers",
    )
}
