//! Callers who come through an app.

use axum::{Json, extract::rejection::JsonRejection};
use serde::de::DeserializeOwned;
use server::{Caller, Principal};

use crate::clients::{ClientError, Clients, find::UsableClient};

/// A caller with a session that an app registered, and that app.
pub(super) struct Through {
    pub(super) did: String,
    pub(super) client: UsableClient,
}

impl Through {
    pub(super) async fn of(clients: &Clients, caller: Option<Caller>) -> Result<Self, ClientError> {
        match caller.map(|caller| caller.principal) {
            Some(Principal::Dpop { did, client_key, .. }) => {
                Ok(Self { did: did.to_string(), client: clients.usable(&client_key).await? })
            }
            _ => Err(ClientError::unauthenticated("requires DPoP authentication")),
        }
    }
}

/// A JSON body in which nothing is told apart but right and wrong: what these methods were specified to answer.
pub(super) fn body<T: DeserializeOwned>(body: Result<Json<T>, JsonRejection>) -> Result<T, ClientError> {
    match body {
        Ok(Json(body)) => Ok(body),
        Err(rejection) if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE => {
            Err(ClientError::TooLarge)
        }
        Err(rejection) => {
            Err(ClientError::bad_request(format!("invalid request body: {}", rejection.body_text())))
        }
    }
}
