//! `PATCH /admin/users/{id}/permissions`.

use axum::extract::State;
use serde::Deserialize;
use server::{Json, Path, Problem};
use utoipa::ToSchema;

use super::View;
use crate::{Accounts, Actor, users::PermissionChange};

/// What somebody may do from now on. What is in both lists is revoked.
#[derive(Deserialize, ToSchema)]
#[schema(as = PermissionChange)]
pub(crate) struct Change {
    /// To add; only what the caller holds.
    grant: Option<Vec<String>>,
    /// To take away.
    revoke: Option<Vec<String>>,
}

pub(super) async fn change_permissions(
    State(accounts): State<Accounts>,
    actor: Actor,
    Path(id): Path<String>,
    Json(Change { grant, revoke }): Json<Change>,
) -> Result<Json<View>, Problem> {
    let change = PermissionChange { grant: grant.unwrap_or_default(), revoke: revoke.unwrap_or_default() };
    Ok(Json(accounts.users.change_permissions(&actor, &id, &change).await?.into()))
}
