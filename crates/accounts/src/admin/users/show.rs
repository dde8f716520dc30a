//! `GET /admin/users/{id}`.

use axum::extract::State;
use server::{Json, Path, Problem};

use super::View;
use crate::Accounts;

pub(super) async fn show(
    State(accounts): State<Accounts>,
    Path(id): Path<String>,
) -> Result<Json<View>, Problem> {
    Ok(Json(accounts.users.get(&id).await?.into()))
}
