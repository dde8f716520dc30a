//! `GET /admin/queries/slow`.

use axum::extract::State;
use server::Json;

use crate::admin::Admin;
use crate::queries::SlowView;

/// The slowest calls that the answering process has seen, the slowest first, without anybody's values.
pub(crate) async fn slow(State(admin): State<Admin>) -> Json<Vec<SlowView>> {
    Json(admin.insight.slowest())
}
