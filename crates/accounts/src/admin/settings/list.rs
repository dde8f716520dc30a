//! `GET /admin/settings`.

use axum::extract::State;
use serde::Serialize;
use server::Json;
use utoipa::ToSchema;

use crate::Accounts;

/// A setting that somebody gave a value.
#[derive(Serialize, ToSchema)]
#[schema(as = Setting)]
pub(crate) struct View {
    key: &'static str,
    value: String,
    /// `database` or `env`.
    source: &'static str,
}

pub(super) async fn list(State(accounts): State<Accounts>) -> Json<Vec<View>> {
    let listed = accounts.settings.list().into_iter().map(|setting| View {
        key: setting.key,
        value: setting.value,
        source: setting.source.name(),
    });
    Json(listed.collect())
}
