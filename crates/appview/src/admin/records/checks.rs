//! `GET /admin/records/checks`.

use axum::extract::State;
use serde::Serialize;
use server::{Json, Problem};
use utoipa::ToSchema;

use crate::admin::Admin;
use crate::checks::{MAX_KEPT, Progress};

/// How far the records of a collection have been compared with its lexicon.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordCheck)]
pub(crate) struct View {
    collection: String,
    /// `flag` or `reject`.
    validation: &'static str,
    /// Whether all records that were here when it began have been compared. Others are compared as they come.
    done: bool,
    /// How many of those have been.
    checked: i64,
    /// How many of them mean a definition of a lexicon that is not here; anything passed for it.
    unresolved: i64,
    /// How many records of the index are known not to be what the lexicon says.
    invalid: i64,
    /// Whether there may be more, which are not kept.
    more: bool,
}

/// The collections whose lexicon asks for that, by NSID.
pub(crate) async fn checks(State(admin): State<Admin>) -> Result<Json<Vec<View>>, Problem> {
    let progress = admin.checks.progress().await.map_err(Problem::internal)?;
    Ok(Json(progress.into_iter().map(View::from).collect()))
}

impl From<Progress> for View {
    fn from(progress: Progress) -> Self {
        let Progress { collection, validation, done, checked, unresolved, invalid } = progress;
        let more = invalid >= MAX_KEPT;
        Self { collection, validation, done, checked, unresolved, invalid, more }
    }
}
