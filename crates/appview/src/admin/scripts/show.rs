//! `GET /admin/scripts/{id}`.

use axum::extract::State;
use server::{Json, Path, Problem};

use super::view::ScriptView;
use super::{not_found, problem};
use crate::admin::Admin;

/// One script.
pub(crate) async fn show(
    State(admin): State<Admin>,
    Path(id): Path<String>,
) -> Result<Json<ScriptView>, Problem> {
    let script = admin.scripting.library.scripts().get(&id).await.map_err(problem)?;
    script.map(|script| Json(script.into())).ok_or_else(not_found)
}
