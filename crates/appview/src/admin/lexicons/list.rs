//! `GET /admin/lexicons`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use server::{Json, Problem};

use super::view::LexiconView;
use crate::admin::{Admin, problem::problem};

/// All lexicons, by NSID.
pub(crate) async fn list(State(admin): State<Admin>) -> Result<Response, Problem> {
    let lexicons = admin.catalogue.lexicons().list().await.map_err(problem)?;
    let views: Vec<_> = lexicons.iter().map(LexiconView::in_list).collect();
    Ok(Json(views).into_response())
}
