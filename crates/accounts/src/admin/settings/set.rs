//! `PUT /admin/settings/{key}`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use server::{Json, Path, Problem};
use utoipa::ToSchema;

use crate::{Accounts, Actor};

/// A value.
#[derive(Deserialize, ToSchema)]
#[schema(as = SettingValue)]
pub(crate) struct Set {
    /// As text, whatever its type.
    value: String,
}

pub(super) async fn set(
    State(accounts): State<Accounts>,
    actor: Actor,
    Path(key): Path<String>,
    Json(Set { value }): Json<Set>,
) -> Result<StatusCode, Problem> {
    accounts.settings.set(&actor, &key, &value).await?;
    Ok(StatusCode::NO_CONTENT)
}
