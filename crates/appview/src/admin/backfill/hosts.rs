//! `GET /admin/backfill/{id}/pds-summary`.

use axum::extract::State;
use backfill::HostProgress;
use serde::Serialize;
use server::{Json, Path, Problem};
use utoipa::ToSchema;

use super::problem::problem;
use crate::admin::Admin;

/// The hosts of a job, those with most repositories first.
#[derive(Serialize, ToSchema)]
#[schema(as = BackfillHosts)]
pub(super) struct Answer {
    pds_endpoints: Vec<HostView>,
}

/// How far the repositories of one host are.
#[derive(Serialize, ToSchema)]
#[schema(as = BackfillHost)]
struct HostView {
    pds_endpoint: String,
    total_repos: i64,
    completed_repos: i64,
    total_records: i64,
}

/// How far each host is.
pub(crate) async fn list(
    State(admin): State<Admin>,
    Path(id): Path<String>,
) -> Result<Json<Answer>, Problem> {
    let hosts = admin.history.backfills.hosts(&id).await.map_err(problem)?;
    Ok(Json(Answer { pds_endpoints: hosts.into_iter().map(HostView::from).collect() }))
}

impl From<HostProgress> for HostView {
    fn from(host: HostProgress) -> Self {
        Self {
            pds_endpoint: host.pds_endpoint,
            total_repos: host.total_repos,
            completed_repos: host.completed_repos,
            total_records: host.total_records,
        }
    }
}
