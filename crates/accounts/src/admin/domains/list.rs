//! `GET /admin/domains`.

use axum::extract::State;
use server::Json;

use super::View;
use crate::Accounts;

pub(super) async fn list(State(accounts): State<Accounts>) -> Json<Vec<View>> {
    Json(accounts.domains.list().iter().cloned().map(View::from).collect())
}
