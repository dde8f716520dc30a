//! `GET /oauth/sessions/{did}/devices`.

use axum::extract::State;
use http::request::Parts;
use serde::Serialize;
use server::{Json, Path, Problem};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{did, scopes};
use crate::{clients::Clients, moment, pds::SessionInfo};

/// A session with the user's PDS, on one device.
#[derive(Serialize, ToSchema)]
#[schema(as = DeviceSession)]
pub(crate) struct View {
    id: String,
    #[schema(required)]
    dpop_key_id: Option<String>,
    scopes: Vec<String>,
    #[serde(serialize_with = "moment::serialize")]
    created_at: OffsetDateTime,
    #[serde(serialize_with = "moment::serialize")]
    updated_at: OffsetDateTime,
}

pub(crate) async fn devices(
    State(clients): State<Clients>,
    Path(account): Path<String>,
    parts: Parts,
) -> Result<Json<Vec<View>>, Problem> {
    let account = did(&account)?;
    let access = clients.session_access(&parts, &account).await?;
    let sessions = clients.sessions(&access, &account).await?;
    Ok(Json(sessions.into_iter().map(View::from).collect()))
}

impl From<SessionInfo> for View {
    fn from(session: SessionInfo) -> Self {
        Self {
            id: session.id,
            dpop_key_id: session.dpop_key_id,
            scopes: scopes(&session.scopes),
            created_at: session.created_at,
            updated_at: session.updated_at,
        }
    }
}
