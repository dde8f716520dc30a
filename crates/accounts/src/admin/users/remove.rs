//! `DELETE /admin/users/{id}`.

use axum::extract::State;
use http::StatusCode;
use server::{Path, Problem};

use crate::{Accounts, Actor};

pub(super) async fn remove(
    State(accounts): State<Accounts>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    accounts.users.remove(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
