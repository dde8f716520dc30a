//! `POST /admin/lexicons`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use server::{Caller, Json, Problem};
use tracing::info;
use utoipa::ToSchema;

use crate::admin::{Admin, actor, problem::problem};
use crate::lexicons::NewLexicon;

/// A lexicon to store.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewLexicon)]
pub(crate) struct Request {
    /// The lexicon document, stored byte for byte.
    #[schema(value_type = Object)]
    lexicon_json: Box<RawValue>,
    /// Whether records from before are wanted, too. Default: true.
    backfill: Option<bool>,
    /// For queries and procedures: the collection they are about.
    target_collection: Option<String>,
    /// For procedures: what they do. `create`, `update` or `delete`.
    action: Option<String>,
    /// How many tokens of the caller's rate limit a call costs.
    token_cost: Option<u32>,
    /// For records: what may be asked of their authors' hosts when it is not here. `off`, `get` or `get+list`. Default: the
    /// setting `read_through`.
    read_through: Option<String>,
    /// For records: what becomes of those that are not what the lexicon says. `off`: nothing; `flag`: they are indexed, and
    /// listed by `GET /admin/records/invalid`; `reject`: they are not indexed. For procedures: with anything but `off`,
    /// bodies that are not what the lexicon says are refused. Default: `off`.
    validation: Option<String>,
}

/// A lexicon that was stored.
#[derive(Serialize, ToSchema)]
#[schema(as = StoredLexicon)]
pub(super) struct Answer<'a> {
    id: &'a str,
    revision: i64,
    /// The job that fetches the collection's records from before, if there is anything to fetch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    backfill_job: Option<String>,
    /// What is strange about the lexicon, in sentences.
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
        read_through: request.read_through,
        validation: request.validation,
    };
    let put = admin.lexicons(&caller).put(new).await.map_err(problem)?;
    admin.catalogue.refresh().await.map_err(problem)?;
    info!(id = %put.id, revision = put.revision, by = actor(&caller), "lexicon stored");
    let status = if put.created { StatusCode::CREATED } else { StatusCode::OK };
    let answer = Answer {
        id: put.id.as_str(),
        revision: put.revision,
        backfill_job: admin.fetch_history(&put, &caller).await?,
        warnings: &put.warnings,
    };
    Ok((status, Json(answer)).into_response())
}
