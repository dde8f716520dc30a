//! A client as its owner sees it.

use serde::Serialize;
use time::OffsetDateTime;

use crate::{
    clients::{ApiClient, ClientType},
    moment,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct View {
    id: String,
    client_key: String,
    name: String,
    client_id_url: String,
    client_uri: String,
    redirect_uris: Vec<String>,
    client_type: ClientType,
    scopes: String,
    allowed_origins: Option<Vec<String>>,
    is_active: bool,
    #[serde(serialize_with = "moment::serialize")]
    created_at: OffsetDateTime,
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
            client_type: client.client_type,
            scopes: client.scopes,
            allowed_origins: client.allowed_origins,
            is_active: client.is_active,
            created_at: client.created_at,
        }
    }
}
