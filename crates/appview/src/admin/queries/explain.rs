//! `GET /admin/queries/{nsid}/explain`.

use axum::extract::{RawQuery, State};
use server::{Json, Path, Problem};

use crate::admin::Admin;
use crate::queries::ExplainedView;

/// How a call with the same parameters would be answered now.
pub(crate) async fn explain(
    State(admin): State<Admin>,
    Path(nsid): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<ExplainedView>, Problem> {
    admin.insight.explain(&nsid, query.as_deref()).await.map(Json)
}
