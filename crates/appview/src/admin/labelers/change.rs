//! `PATCH /admin/labelers/{did}`.

use axum::extract::State;
use labels::LabelerStatus;
use serde::Deserialize;
use server::{Caller, Json, Path, Problem};
use utoipa::ToSchema;

use super::{LabelerView, did, not_found};
use crate::admin::Admin;

/// What to change.
#[derive(Deserialize, ToSchema)]
#[schema(as = LabelerChange)]
pub(crate) struct Request {
    status: Status,
}

/// Whether a labeler is listened to.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = LabelerStatus)]
enum Status {
    Active,
    Paused,
}

/// Pauses or resumes; when it answers, nothing more of a paused labeler is stored.
pub(crate) async fn change(
    State(admin): State<Admin>,
    caller: Caller,
    Path(name): Path<String>,
    Json(request): Json<Request>,
) -> Result<Json<LabelerView>, Problem> {
    let did = did(&name)?;
    let status = match request.status {
        Status::Active => LabelerStatus::Active,
        Status::Paused => LabelerStatus::Paused,
    };
    let labelers = &admin.labelling.labelers;
    if !labelers.set_status(&did, status, caller.principal.did()).await.map_err(Problem::internal)? {
        return Err(not_found());
    }
    let all = labelers.list().await.map_err(Problem::internal)?;
    let changed = all.into_iter().find(|labeler| labeler.did == did.as_str());
    changed.map(|labeler| Json(labeler.into())).ok_or_else(not_found)
}
