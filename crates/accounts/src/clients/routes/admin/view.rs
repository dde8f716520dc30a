//! A client as operators see it.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::{
    clients::{ApiClient, ClientType},
    moment,
};

/// An app that acts for its users through this server.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiClient)]
pub(crate) struct View {
    id: String,
    client_key: String,
    name: String,
    client_id_url: String,
    client_uri: String,
    redirect_uris: Vec<String>,
    scopes: String,
    client_type: ClientType,
    #[schema(required)]
    allowed_origins: Option<Vec<String>>,
    #[schema(required)]
    rate_limit_capacity: Option<u32>,
    #[schema(required)]
    rate_limit_refill_rate: Option<f64>,
    is_active: bool,
    #[schema(required)]
    created_by: Option<String>,
    #[serde(serialize_with = "moment::serialize")]
    created_at: OffsetDateTime,
    #[serde(serialize_with = "moment::serialize")]
    updated_at: OffsetDateTime,
    #[schema(required)]
    parent_client_id: Option<String>,
    #[schema(required)]
    owner_did: Option<String>,
}

impl From<ApiClient> for View {
    fn from(client: ApiClient) -> Self {
        Self {
            id: client.id,
            client_key: client.client_key,
            name: client.name,
            client_id_url: client.client_id_url,
            client_uri: client.client_uri,
            redirect_uris: client.redirect_uris,
            scopes: client.scopes,
            client_type: client.client_type,
            allowed_origins: client.allowed_origins,
            rate_limit_capacity: client.rate_limit_capacity,
            rate_limit_refill_rate: client.rate_limit_refill_rate,
            is_active: client.is_active,
            created_by: client.created_by,
            created_at: client.created_at,
            updated_at: client.updated_at,
            parent_client_id: client.parent_client_id,
            owner_did: client.owner_did,
        }
    }
}
