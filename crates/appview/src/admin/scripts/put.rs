//! `POST /admin/scripts`.

use ::scripts::NewScript;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use server::{Caller, Json, Problem};
use utoipa::ToSchema;

use super::problem;
use super::view::ScriptView;
use crate::admin::Admin;

/// A script to store.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewScript)]
pub(crate) struct Request {
    /// Its trigger, such as `xrpc.query:com.example.getNotes`.
    id: String,
    /// The language. Default: `lua`.
    script_type: Option<String>,
    /// The source, which defines a function `handle`.
    body: String,
    /// What it is for, in 300 characters at most.
    description: Option<String>,
}

/// 201 if it is new, 200 if it replaces one. It is in effect when this is answered.
pub(crate) async fn put(
    State(admin): State<Admin>,
    caller: Caller,
    Json(request): Json<Request>,
) -> Result<Response, Problem> {
    let Request { id, script_type, body, description } = request;
    let script_type = script_type.unwrap_or_else(|| "lua".to_owned());
    let library = &admin.scripting.library;
    let new = NewScript { id, script_type, body, description };
    let stored = library.scripts().put(new, caller.principal.did()).await.map_err(problem)?;
    library.refresh().await.map_err(problem)?;
    let status = if stored.revision == 1 { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(ScriptView::from(stored))).into_response())
}
