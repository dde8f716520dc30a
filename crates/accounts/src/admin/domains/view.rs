//! A domain as operators see it.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::{domains::Domain, moment};

/// Where the server answers.
#[derive(Serialize, ToSchema)]
#[schema(as = Domain)]
pub(crate) struct View {
    id: String,
    /// An origin, e.g. `https://app.example.com`.
    url: String,
    /// Whether it is the one that stands for the server.
    is_primary: bool,
    #[serde(serialize_with = "moment::serialize")]
    created_at: OffsetDateTime,
    #[serde(serialize_with = "moment::serialize")]
    updated_at: OffsetDateTime,
}

impl From<Domain> for View {
    fn from(domain: Domain) -> Self {
        Self {
            id: domain.id,
            url: domain.url,
            is_primary: domain.is_primary,
            created_at: domain.created_at,
            updated_at: domain.updated_at,
        }
    }
}
