//! `POST /admin/users/transfer-super`.

use axum::extract::State;
use serde::Deserialize;
use server::{Json, Problem};
use utoipa::ToSchema;

use super::View;
use crate::{Accounts, Actor};

/// Who is to be the super user.
#[derive(Deserialize, ToSchema)]
#[schema(as = SuperTransfer)]
pub(crate) struct Transfer {
    target_user_id: String,
}

/// Only for the super user in person: not with an API key, and not through an app or a server that acts for them.
pub(super) async fn transfer_super(
    State(accounts): State<Accounts>,
    actor: Actor,
    Json(Transfer { target_user_id }): Json<Transfer>,
) -> Result<Json<View>, Problem> {
    Ok(Json(accounts.users.transfer_super(&actor, &target_user_id).await?.into()))
}
