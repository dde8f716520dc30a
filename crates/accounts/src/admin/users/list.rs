//! `GET /admin/users`.

use axum::extract::State;
use server::{Json, Problem};

use super::View;
use crate::Accounts;

pub(super) async fn list(State(accounts): State<Accounts>) -> Result<Json<Vec<View>>, Problem> {
    let users = accounts.users.list().await?;
    Ok(Json(users.into_iter().map(View::from).collect()))
}
