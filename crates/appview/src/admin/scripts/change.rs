//! `PATCH /admin/scripts/{id}`.

use ::scripts::{Description, ScriptChange};
use axum::extract::State;
use serde::{Deserialize, Deserializer};
use server::{Caller, Json, Path, Problem};
use utoipa::ToSchema;

use super::view::ScriptView;
use super::{not_found, problem};
use crate::admin::Admin;

/// What is to be changed of a script; at least one of these.
#[derive(Deserialize, ToSchema)]
#[schema(as = ScriptChange)]
pub(crate) struct Request {
    /// The language; only together with `body`.
    script_type: Option<String>,
    /// The source.
    body: Option<String>,
    /// What it is for; null clears it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    description: Option<Description>,
}

/// It is in effect when this is answered.
pub(crate) async fn change(
    State(admin): State<Admin>,
    caller: Caller,
    Path(id): Path<String>,
    Json(request): Json<Request>,
) -> Result<Json<ScriptView>, Problem> {
    let Request { script_type, body, description } = request;
    if body.is_none() && description.is_none() {
        return Err(Problem::bad_request(match script_type {
            Some(_) => "script_type can be changed together with body only",
            None => "give one of body, description",
        }));
    }
    if script_type.is_some() && body.is_none() {
        return Err(Problem::bad_request("script_type can be changed together with body only"));
    }
    let library = &admin.scripting.library;
    let change = ScriptChange { script_type, body, description };
    let changed = library.scripts().change(&id, change, caller.principal.did()).await.map_err(problem)?;
    let changed = changed.ok_or_else(not_found)?;
    library.refresh().await.map_err(problem)?;
    Ok(Json(changed.into()))
}

/// What was given, be it null.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Description>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(Some(text.map_or(Description::Cleared, Description::Set)))
}
