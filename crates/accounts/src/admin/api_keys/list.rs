//! `GET /admin/api-keys`.

use axum::extract::State;
use serde::Serialize;
use server::{Json, Problem};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::{Accounts, Actor, ApiKey, moment};

/// A key, without the key.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(crate) struct View {
    id: String,
    name: String,
    /// The first characters of the key.
    key_prefix: String,
    permissions: Vec<&'static str>,
    #[serde(serialize_with = "moment::serialize")]
    created_at: OffsetDateTime,
    #[serde(serialize_with = "moment::serialize_option")]
    #[schema(required)]
    last_used_at: Option<OffsetDateTime>,
    #[serde(serialize_with = "moment::serialize_option")]
    #[schema(required)]
    revoked_at: Option<OffsetDateTime>,
}

/// The caller's own, also when the caller is a key.
pub(super) async fn list(State(accounts): State<Accounts>, actor: Actor) -> Result<Json<Vec<View>>, Problem> {
    let keys = accounts.keys.list(&actor).await?;
    Ok(Json(keys.into_iter().map(View::from).collect()))
}

impl From<ApiKey> for View {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            key_prefix: key.key_prefix,
            permissions: key.permissions.iter().map(|permission| permission.name()).collect(),
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        }
    }
}
