//! `GET /admin/lexicons/{id}`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use server::{Json, Path, Problem};

use super::view::LexiconView;
use crate::admin::{Admin, problem::problem};

/// One lexicon with its document.
pub(crate) async fn show(State(admin): State<Admin>, Path(id): Path<String>) -> Result<Response, Problem> {
    let lexicon = admin.catalogue.lexicons().get(&id).await.map_err(problem)?;
    let lexicon = lexicon.ok_or_else(|| Problem::not_found("lexicon not found"))?;
    Ok(Json(LexiconView::alone(&lexicon)).into_response())
}
