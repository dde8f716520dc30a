//! `POST /admin/api-clients`.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Problem};
use utoipa::ToSchema;

use crate::clients::{ClientType, Clients, NewClient};

/// A client to make.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewApiClient)]
pub(crate) struct Create {
    name: String,
    client_id_url: String,
    client_uri: String,
    redirect_uris: Vec<String>,
    /// The most that its sessions may have, separated by spaces. Default: `atproto`.
    scopes: Option<String>,
    /// Default: `confidential`.
    #[schema(value_type = Option<ClientType>)]
    client_type: Option<String>,
    allowed_origins: Option<Vec<String>>,
    /// Tokens of its rate limit. Default: the server's.
    rate_limit_capacity: Option<i64>,
    /// Tokens per second it gets back. Default: the server's.
    rate_limit_refill_rate: Option<f64>,
}

/// A client that was made. The secret, which public clients have none of, is never shown again.
#[derive(Serialize, ToSchema)]
#[schema(as = CreatedApiClient)]
pub(crate) struct Created {
    id: String,
    client_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    client_secret: Option<String>,
    name: String,
    client_id_url: String,
    client_type: ClientType,
}

/// The answer is the only place where the secret is ever seen.
pub(crate) async fn create(
    State(clients): State<Clients>,
    caller: Caller,
    Json(new): Json<Create>,
) -> Result<(StatusCode, Json<Created>), Problem> {
    let made = clients.create(caller.principal.did(), new.into()).await?;
    let created = Created {
        id: made.client.id,
        client_key: made.client.client_key,
        client_secret: made.client_secret,
        name: made.client.name,
        client_id_url: made.client.client_id_url,
        client_type: made.client.client_type,
    };
    Ok((StatusCode::CREATED, Json(created)))
}

impl From<Create> for NewClient {
    fn from(new: Create) -> Self {
        Self {
            name: new.name,
            client_id_url: new.client_id_url,
            client_uri: new.client_uri,
            redirect_uris: new.redirect_uris,
            scopes: new.scopes,
            client_type: new.client_type,
            allowed_origins: new.allowed_origins,
            rate_limit_capacity: new.rate_limit_capacity,
            rate_limit_refill_rate: new.rate_limit_refill_rate,
        }
    }
}
