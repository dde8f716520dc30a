//! `POST /admin/lexicons`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use server::{Caller, Json, Problem};
use tracing::info;

use super::HISTORY_NOTE;
use crate::admin::{Admin, actor, problem::problem};
use crate::lexicons::NewLexicon;

#[derive(Deserialize)]
pub(crate) struct Request {
    /// Not parsed here, so that it is stored byte for byte.
    lexicon_json: Box<RawValue>,
    backfill: Option<bool>,
    target_collection: Option<String>,
    action: Option<String>,
    token_cost: Option<u32>,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    revision: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    warnings: &'a [String],
}

/// 201 if it is new, 200 if it replaces one.
pub(crate) async fn add(
    State(admin): State<Admin>,
    caller: Caller,
    Json(request): Json<Request>,
) -> Result<Response, Problem> {
    let new = NewLexicon {
        json: request.lexicon_json.get().to_owned(),
        backfill: request.backfill.unwrap_or(true),
        target_collection: request.target_collection,
        action: request.action,
        token_cost: request.token_cost,
    };
    let put = admin.catalogue.lexicons().put(new).await.map_err(problem)?;
    admin.catalogue.refresh().await.map_err(problem)?;
    info!(id = %put.id, revision = put.revision, by = actor(&caller), "lexicon stored");
    let status = if put.created { StatusCode::CREATED } else { StatusCode::OK };
    let answer = Answer {
        id: put.id.as_str(),
        revision: put.revision,
        note: put.history_pending.then_some(HISTORY_NOTE),
        warnings: &put.warnings,
    };
    Ok((status, Json(answer)).into_response())
}
