//! `dev.happyview.createApiClient`.

use axum::extract::{State, rejection::JsonRejection};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Problem};

use super::{super::through::Through, view::View};
use crate::clients::{ClientError, Clients, NewClient, create::Maker, routes::through::body};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Create {
    name: String,
    client_id_url: String,
    client_uri: String,
    redirect_uris: Vec<String>,
    scopes: Option<String>,
    client_type: Option<String>,
    allowed_origins: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Created {
    client: View,
    /// The only place where it is ever seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
}

/// The client belongs to the caller, and is counted against the server's default limit.
pub(crate) async fn create(
    State(clients): State<Clients>,
    caller: Option<Caller>,
    new: Result<axum::Json<Create>, JsonRejection>,
) -> Result<(StatusCode, Json<Created>), Problem> {
    let through = Through::of(&clients, caller).await?;
    if through.client.parent_client_id.is_some() {
        return Err(ClientError::Forbidden("Child clients cannot create API clients").into());
    }
    let maker = Maker::Through { parent: &through.client, owner: &through.did };
    let made = clients.create_for(&maker, body(new)?.into()).await?;
    let created = Created { client: made.client.into(), client_secret: made.client_secret };
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
            rate_limit_capacity: None,
            rate_limit_refill_rate: None,
        }
    }
}
