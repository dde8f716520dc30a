//! `/admin/script-variables`.

use ::scripts::Variable;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Path, Problem};
use utoipa::ToSchema;

use super::problem;
use crate::admin::Admin;
use crate::timestamp;

/// A variable that scripts find in `env`, without what it holds.
#[derive(Serialize, ToSchema)]
#[schema(as = ScriptVariable)]
pub(crate) struct VariableView {
    key: String,
    /// The first characters of the value.
    preview: String,
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    created_at: i64,
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    updated_at: i64,
}

/// A variable to set.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewScriptVariable)]
pub(crate) struct Request {
    /// Letters, digits and `_`.
    key: String,
    /// Sealed where it is kept; never shown again.
    value: String,
}

/// By key.
pub(crate) async fn list(State(admin): State<Admin>) -> Result<Json<Vec<VariableView>>, Problem> {
    let variables = admin.scripting.library.scripts().variables().await.map_err(problem)?;
    let view = |Variable { key, preview, created_at, updated_at }| VariableView {
        key,
        preview,
        created_at,
        updated_at,
    };
    Ok(Json(variables.into_iter().map(view).collect()))
}

/// It is in effect when this is answered.
pub(crate) async fn set(
    State(admin): State<Admin>,
    caller: Caller,
    Json(request): Json<Request>,
) -> Result<StatusCode, Problem> {
    let library = &admin.scripting.library;
    let did = caller.principal.did();
    library.scripts().set_variable(&request.key, &request.value, did).await.map_err(problem)?;
    library.refresh().await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Scripts find nothing of this name from now on.
pub(crate) async fn remove(
    State(admin): State<Admin>,
    caller: Caller,
    Path(key): Path<String>,
) -> Result<StatusCode, Problem> {
    let library = &admin.scripting.library;
    if !library.scripts().remove_variable(&key, caller.principal.did()).await.map_err(problem)? {
        return Err(Problem::not_found("script variable not found"));
    }
    library.refresh().await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
