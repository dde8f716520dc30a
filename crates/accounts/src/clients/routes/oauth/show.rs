//! `GET /oauth/sessions/{did}`.

use axum::extract::State;
use http::request::Parts;
use serde::Serialize;
use server::{Json, Path, Problem};
use utoipa::ToSchema;

use super::{did, scopes};
use crate::clients::Clients;

/// A session with a user's PDS.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct View {
    did: String,
    scopes: Vec<String>,
}

pub(crate) async fn show(
    State(clients): State<Clients>,
    Path(account): Path<String>,
    parts: Parts,
) -> Result<Json<View>, Problem> {
    let account = did(&account)?;
    let access = clients.session_access(&parts, &account).await?;
    let session = clients.session(&access, &account).await?;
    Ok(Json(View { did: session.did, scopes: scopes(&session.scopes) }))
}
