//! `POST /admin/labelers`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use server::{Caller, Json, Problem};
use utoipa::ToSchema;

use super::did;
use crate::admin::Admin;

/// The labeler to listen to.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewLabeler)]
pub(crate) struct Request {
    /// Its DID.
    did: String,
}

/// Subscribes at once; to one that was paused, again.
pub(crate) async fn add(
    State(admin): State<Admin>,
    caller: Caller,
    Json(request): Json<Request>,
) -> Result<StatusCode, Problem> {
    let did = did(&request.did)?;
    admin.labelling.labelers.add(&did, caller.principal.did()).await.map_err(Problem::internal)?;
    Ok(StatusCode::CREATED)
}
