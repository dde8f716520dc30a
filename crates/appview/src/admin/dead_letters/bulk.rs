//! `/admin/dead-letters/bulk/…`.

use ::scripts::Filter;
use axum::extract::State;
use serde::Deserialize;
use server::{Json, Problem};
use utoipa::ToSchema;

use super::Done;
use crate::admin::{Admin, scripts::problem};

/// With one request: more would take longer than anybody waits.
const MAX: u32 = 500;

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
        admin.scripting.dead_letters.retry(id).await.map_err(problem)?;
    }
    Ok(Json(Done { ok: true }))
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
