//! Who is who.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::{Value, json};
use server::{Json, Problem, Target};

use super::Surface;
use super::surface::{parameters, problem};
use crate::{Error, Repos};

#[derive(Deserialize)]
pub(super) struct Asked {
    handle: String,
}

/// `com.atproto.identity.resolveHandle`.
pub(super) async fn resolve(State(surface): State<Surface>, request: Request) -> Result<Response, Problem> {
    let Asked { handle } = parameters(&request)?;
    match surface.home(&handle)? {
        Some(entry) => Ok(Json(json!({ "did": entry.did })).into_response()),
        None => surface.elsewhere(&handle, request).await,
    }
}

/// `com.atproto.server.describeServer`. Accounts are made by the operator only.
pub(super) async fn describe_server(State(surface): State<Surface>) -> Json<Value> {
    let origin = surface.repos.shared.directory.origin();
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    Json(json!({
        "did": format!("did:web:{}", host.replace(':', "%3A")),
        "availableUserDomains": [],
        "inviteCodeRequired": true,
        "phoneVerificationRequired": false,
    }))
}

/// `/.well-known/did.json` of the DID that the host is.
pub(super) async fn did_json(State(surface): State<Surface>, target: Target) -> Result<Response, Problem> {
    let document = surface.document_of(target.host()).ok_or_else(|| Problem::not_found("no DID document"))?;
    Ok(([(CONTENT_TYPE, "application/json")], document).into_response())
}

/// `/.well-known/atproto-did` of the account whose handle the host is.
pub(super) async fn handle_of_host(
    State(surface): State<Surface>,
    target: Target,
) -> Result<Response, Problem> {
    let nobody = || Problem::not_found("no account has this handle");
    let host = target.host().filter(|host| host.contains('.')).ok_or_else(nobody)?;
    let entry = surface.home(host).ok().flatten().ok_or_else(nobody)?;
    entry.served().map_err(|error| match error {
        Error::Deactivated(_) => nobody(),
        other => problem(other),
    })?;
    Ok(([(CONTENT_TYPE, "text/plain")], entry.did.to_string()).into_response())
}

impl Surface {
    /// `did.json` of the `did:web` of a host, if it is at home here: for whoever owns that path.
    #[must_use]
    pub fn document_of(&self, host: Option<&str>) -> Option<String> {
        let did = format!("did:web:{}", host?);
        self.repos.document(&did)
    }
}

impl Repos {
    /// The DID document of a repository that is at home here, as its host shows it.
    #[must_use]
    pub fn document(&self, did: &str) -> Option<String> {
        Some(self.shared.directory.find(did)?.document.clone())
    }
}
