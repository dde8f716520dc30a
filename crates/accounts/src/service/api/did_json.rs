//! `/.well-known/did.json`.

use axum::extract::State;
use serde_json::Value;
use server::{Json, Problem, Target};

use crate::service::{Service, did, document::document};

/// The document of the domain that was asked. Only a `did:web` is described here.
pub(super) async fn show(State(service): State<Service>, target: Target) -> Result<Json<Value>, Problem> {
    let not_found = || Problem::not_found("no DID document");
    let domain = target.host().and_then(|host| service.parts.domains.at_host(host)).ok_or_else(not_found)?;
    let did = did::web(&domain).ok_or_else(not_found)?;
    let snapshot = service.snapshot().await?;
    document(&snapshot, &did, &domain.url).map(Json).ok_or_else(not_found)
}
