//! `/admin/dead-letters/bulk/…`.

use ::scripts::{Filter, Retried};
use axum::extract::State;
use futures::{StreamExt, stream};
use serde::Deserialize;
use server::{Json, Problem};
use utoipa::ToSchema;

use super::Done;
use crate::RetryError;
use crate::admin::{Admin, scripts::problem};

/// With one request: more would take longer than anybody waits.
const MAX: u32 = 500;

/// Records fetched at the same time.
const AT_ONCE: usize = 8;

/// Which dead letters; `ids` or `all`.
#[derive(Deserialize, ToSchema)]
#[schema(as = DeadLetterSelection)]
pub(crate) struct Request {
    /// These.
    ids: Option<Vec<i64>>,
    /// The newest 500 that wait for somebody.
    #[serde(default)]
    all: bool,
    /// Of those only the ones of this collection.
    collection: Option<String>,
}

/// Nothing is done about them any more.
pub(crate) async fn dismiss(
    State(admin): State<Admin>,
    Json(request): Json<Request>,
) -> Result<Json<Done>, Problem> {
    for id in selected(&admin, request).await? {
        admin.scripting.dead_letters.dismiss(id).await.map_err(problem)?;
    }
    Ok(Json(Done { ok: true }))
}

/// Those that fail again stay, and so do those of labels.
pub(crate) async fn retry(
    State(admin): State<Admin>,
    Json(request): Json<Request>,
) -> Result<Json<Done>, Problem> {
    for id in selected(&admin, request).await? {
        past_others(admin.scripting.retries.retry(id).await)?;
    }
    Ok(Json(Done { ok: true }))
}

/// Those that fail again stay, and so do those whose author's PDS is of no help.
pub(crate) async fn reindex(
    State(admin): State<Admin>,
    Json(request): Json<Request>,
) -> Result<Json<Done>, Problem> {
    let ids = selected(&admin, request).await?;
    let retries = &admin.scripting.retries;
    let mut tried = stream::iter(ids).map(|id| retries.reindex(id)).buffer_unordered(AT_ONCE);
    while let Some(tried) = tried.next().await {
        past_others(tried)?;
    }
    Ok(Json(Done { ok: true }))
}

/// What keeps one from being tried does not keep the others; what is wrong here does.
fn past_others(tried: Result<Retried, RetryError>) -> Result<(), Problem> {
    match tried {
        Err(RetryError::Scripts(error)) => Err(problem(error)),
        Ok(_) | Err(RetryError::Label | RetryError::Source(_)) => Ok(()),
    }
}

async fn selected(admin: &Admin, request: Request) -> Result<Vec<i64>, Problem> {
    match (request.ids, request.all) {
        (Some(ids), _) if ids.len() > MAX as usize => {
            Err(Problem::bad_request(format!("ids may have {MAX} at most")))
        }
        (Some(ids), _) => Ok(ids),
        (None, true) => {
            let filter = Filter { collection: request.collection, resolved: Some(false) };
            let letters = admin.scripting.dead_letters.list(filter, None, MAX).await.map_err(problem)?;
            Ok(letters.into_iter().map(|letter| letter.id).collect())
        }
        (None, false) => Err(Problem::bad_request("give ids or all")),
    }
}
