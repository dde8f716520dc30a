//! `POST /admin/domains/{id}/primary`.

use axum::extract::State;
use http::StatusCode;
use server::{Path, Problem};

use crate::{Accounts, Actor};

pub(super) async fn promote(
    State(accounts): State<Accounts>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    accounts.domains.promote(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
