//! `POST /oauth/dpop-keys`.

use axum::{
    extract::{State, rejection::JsonRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header::CACHE_CONTROL};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use server::{Json, Problem};
use utoipa::ToSchema;

use crate::clients::{Clients, routes::through::body};

/// A key to make.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewDpopKey)]
pub(crate) struct Wanted {
    /// Public clients must send one: the SHA-256 of a verifier that only they know (RFC 7636).
    pkce_challenge: Option<String>,
}

/// A key for one device.
#[derive(Serialize, ToSchema)]
#[schema(as = DpopKey)]
pub(super) struct Made {
    provision_id: String,
    /// The private key as a JWK (RFC 7517): this answer is the only place where it is ever seen.
    #[schema(value_type = Object)]
    dpop_key: Value,
}

pub(crate) async fn provision(
    State(clients): State<Clients>,
    headers: HeaderMap,
    wanted: Result<axum::Json<Wanted>, JsonRejection>,
) -> Result<Response, Problem> {
    let client = clients.named(&headers).await?;
    client.prove(&headers)?;
    let provision = clients.provision(&client, body(wanted)?.pkce_challenge.as_deref()).await?;
    let made = Made { provision_id: provision.provision_id, dpop_key: provision.key.to_json() };
    let unkept = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::CREATED, unkept, Json(made)).into_response())
}
