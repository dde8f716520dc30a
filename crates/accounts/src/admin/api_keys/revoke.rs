//! `DELETE /admin/api-keys/{id}`.

use axum::extract::State;
use http::StatusCode;
use server::{Path, Problem};

use crate::{Accounts, Actor};

pub(super) async fn revoke(
    State(accounts): State<Accounts>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    accounts.keys.revoke(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
