//! `app.bsky.actor.getProfile`: who the caller is, in their own words.

mod source;

pub(crate) use source::Refusal;

use std::sync::Arc;

use atproto::{AtIdentifier, Did};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use server::{Json, Problem};
use url::Url;

use super::miss::Party;
use super::{Xrpc, blobs};
use crate::unresolved;

/// The wire shape (spec/appview.md §3.6).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    did: String,
    handle: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "avatarURL", skip_serializing_if = "Option::is_none")]
    avatar_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar: Option<Avatar>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Avatar {
    #[serde(rename = "$link")]
    link: String,
    mime_type: Value,
    size: Value,
}

/// `GET /xrpc/app.bsky.actor.getProfile`. The record is public, so it is read without credentials, for every kind of
/// caller alike.
pub(super) async fn own(State(xrpc): State<Arc<Xrpc>>, party: Party) -> Result<Response, Problem> {
    answer(&xrpc, &party).await
}

/// The same for whoever calls.
pub(super) async fn answer(xrpc: &Xrpc, party: &Party) -> Result<Response, Problem> {
    let nobody = || Problem::unauthorized("Authentication as an account is required");
    let did = party.did().ok_or_else(nobody)?;
    let account = xrpc.resolver.verified(&AtIdentifier::Did(did.clone())).await;
    let account = account.map_err(|error| unresolved::problem(&error))?;
    let no_pds = || Problem::bad_gateway(format!("{did} has no PDS"));
    let pds = account.identity.pds.as_ref().ok_or_else(no_pds)?;
    let found = match source::find(xrpc, &did, pds, party).await {
        Ok(found) => found,
        Err(refusal) => return refusal.into_answer(),
    };
    let fields = found.fields.as_object().cloned().unwrap_or_default();
    Ok(found.told.of(Json(profile(pds, &did, account.shown_handle(), &fields)).into_response()))
}

fn profile(pds: &Url, did: &Did, handle: &str, fields: &Map<String, Value>) -> Profile {
    let text = |name| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let avatar = fields.get("avatar").and_then(Value::as_object);
    let avatar = avatar.and_then(|blob| Some((blobs::blob_cid(blob)?, blob)));
    Profile {
        did: did.to_string(),
        handle: handle.to_owned(),
        display_name: text("displayName"),
        description: text("description"),
        avatar_url: avatar.map(|(cid, _)| blobs::get_blob(pds, did, cid)),
        avatar: avatar.map(|(cid, blob)| Avatar {
            link: cid.to_string(),
            mime_type: blob.get("mimeType").cloned().unwrap_or_default(),
            size: blob.get("size").cloned().unwrap_or_default(),
        }),
    }
}
