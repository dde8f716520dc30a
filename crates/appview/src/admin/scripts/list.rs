//! `GET /admin/scripts`.

use axum::extract::State;
use serde::Deserialize;
use server::{Json, Problem, Query};
use utoipa::IntoParams;

use super::problem;
use super::view::ScriptView;
use crate::admin::Admin;

#[derive(Deserialize, IntoParams)]
pub(crate) struct Request {
    /// Only those whose trigger ends with `:` and this.
    suffix: Option<String>,
}

/// All of them, by trigger.
pub(crate) async fn list(
    State(admin): State<Admin>,
    Query(request): Query<Request>,
) -> Result<Json<Vec<ScriptView>>, Problem> {
    let scripts = admin.scripting.library.scripts().list(request.suffix.as_deref()).await.map_err(problem)?;
    Ok(Json(scripts.into_iter().map(ScriptView::from).collect()))
}
