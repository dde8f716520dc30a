//! A user as other users see them.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::{moment, users::User};

/// Somebody who may do something beyond what anybody may.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct View {
    id: String,
    /// Null for the local operator, whose keys were made on the command line.
    #[schema(required)]
    did: Option<String>,
    /// What a user without a DID is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Whether this is the one who may do everything.
    is_super: bool,
    /// What was granted.
    permissions: Vec<&'static str>,
    #[serde(serialize_with = "moment::serialize")]
    created_at: OffsetDateTime,
    #[serde(serialize_with = "moment::serialize_option")]
    #[schema(required)]
    last_used_at: Option<OffsetDateTime>,
}

impl From<User> for View {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            did: user.did,
            name: user.name,
            is_super: user.is_super,
            permissions: user.permissions.iter().map(|permission| permission.name()).collect(),
            created_at: user.created_at,
            last_used_at: user.last_used_at,
        }
    }
}
