//! `/.well-known/did.json`.

use atproto::Did;
use axum::extract::State;
use http::StatusCode;
use serde_json::Value;
use server::{Json, Problem, Target};

use crate::service::{Service, did, document::document, documents::merged};

/// The document of the host that was asked: this server's own, of a `did:web`, and that of whoever else here is called like this.
pub(super) async fn show(State(service): State<Service>, target: Target) -> Result<Json<Value>, Problem> {
    let host = target.host();
    let domain = host.and_then(|host| service.parts.domains.at_host(host));
    let named = host.and_then(|host| Did::parse(&format!("did:web:{host}")).ok());
    let Some(domain) = domain else {
        let theirs = named.and_then(|did| service.document_elsewhere(&did));
        return theirs.map(Json).ok_or_else(|| Problem::new(StatusCode::MISDIRECTED_REQUEST, "Unknown host"));
    };
    let not_found = || Problem::not_found("no DID document");
    let did = did::web(&domain).ok_or_else(not_found)?;
    let snapshot = service.snapshot().await?;
    let ours = document(&snapshot, &did, &domain.url);
    let theirs = service.document_elsewhere(&did);
    let shown = match (theirs, ours) {
        (Some(theirs), Some(ours)) => Some(merged(theirs, &ours)),
        (theirs, ours) => theirs.or(ours).or_else(|| service.document_elsewhere(&named?)),
    };
    shown.map(Json).ok_or_else(not_found)
}
