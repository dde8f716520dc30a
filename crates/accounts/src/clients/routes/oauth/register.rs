//! `POST /oauth/sessions`.

use axum::extract::{State, rejection::JsonRejection};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use server::{Json, Problem};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use utoipa::ToSchema;

use super::{did, scopes};
use crate::clients::{ClientError, Clients, routes::through::body, sessions::Registration};

/// Longer than any token that a PDS hands out.
const MAX_TOKEN_BYTES: usize = 16 << 10;

/// What an app says it got. Where it says the user's PDS is (`pds_url`, `issuer`) is not even read.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSession)]
pub(crate) struct Register {
    provision_id: String,
    pkce_verifier: Option<String>,
    did: String,
    access_token: String,
    refresh_token: Option<String>,
    /// When the access token expires.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// What the PDS granted, separated by spaces.
    scopes: String,
}

/// A session that this server now keeps fresh.
#[derive(Serialize, ToSchema)]
#[schema(as = RegisteredSession)]
pub(crate) struct Registered {
    session_id: String,
    did: String,
    scopes: Vec<String>,
}

pub(crate) async fn register(
    State(clients): State<Clients>,
    headers: HeaderMap,
    registration: Result<axum::Json<Register>, JsonRejection>,
) -> Result<(StatusCode, Json<Registered>), Problem> {
    let client = clients.named(&headers).await?;
    client.prove(&headers)?;
    let registered = clients.register(&client, body(registration)?.try_into()?).await?;
    let answer = Registered {
        session_id: registered.session_id,
        did: registered.did.to_string(),
        scopes: scopes(&registered.scopes),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

impl TryFrom<Register> for Registration {
    type Error = ClientError;

    fn try_from(sent: Register) -> Result<Self, ClientError> {
        Ok(Self {
            provision_id: sent.provision_id,
            pkce_verifier: sent.pkce_verifier,
            did: did(&sent.did)?,
            access_token: token("access_token", sent.access_token)?,
            refresh_token: sent.refresh_token.map(|text| token("refresh_token", text)).transpose()?,
            expires_at: sent.expires_at.as_deref().map(moment).transpose()?,
            scopes: sent.scopes,
        })
    }
}

fn token(field: &'static str, text: String) -> Result<String, ClientError> {
    if (1..=MAX_TOKEN_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text);
    }
    Err(ClientError::field(field, format!("a token has 1 to {MAX_TOKEN_BYTES} visible ASCII characters")))
}

fn moment(text: &str) -> Result<OffsetDateTime, ClientError> {
    OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|_| ClientError::field("expires_at", "must be a time such as 2026-01-31T12:00:00Z"))
}
