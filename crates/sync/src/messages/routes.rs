//! The routes of messages.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Access, Json, Problem, Route};

use super::view::Receipt;
use super::{NewMessage, list, post};
use crate::limits::MAX_BODY;
use crate::services::Services;
use crate::wire::{Body, Label, Opaque, Owner, Params};

/// Messages in one request.
const MAX_MESSAGES: usize = 100;

/// Below `/v1`.
pub(crate) fn routes() -> Vec<Route<Services>> {
    let known = Access::Authenticated;
    vec![Route::get("/v1/sessions/{id}/messages", known, "A session's newest messages", list::newest)]
}

/// Below `/v3`.
pub(crate) fn numbered_routes() -> Vec<Route<Services>> {
    let (known, path) = (Access::Authenticated, "/v3/sessions/{id}/messages");
    vec![
        Route::get(path, known, "A session's messages after or before a number", list::page),
        Route::post(path, known, "Adds messages to a session", send).body_limit(MAX_BODY),
    ]
}

#[derive(Deserialize)]
struct Sent {
    messages: Vec<SentMessage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentMessage {
    local_id: Label,
    content: Opaque,
}

#[derive(Serialize)]
struct Receipts {
    messages: Vec<Receipt>,
}

async fn send(
    State(services): State<Services>,
    owner: Owner,
    Params([session]): Params<1>,
    Body(sent): Body<Sent>,
) -> Result<Json<Receipts>, Problem> {
    let count = sent.messages.len();
    if count == 0 || count > MAX_MESSAGES || sent.messages.iter().any(|message| message.local_id.is_empty()) {
        let message = format!("body/messages must be 1 to {MAX_MESSAGES}, each with a localId");
        return Err(Problem::bad_request(message).named("Error"));
    }
    let messages: Vec<NewMessage> = sent
        .messages
        .into_iter()
        .map(|message| NewMessage { local_id: Some(message.local_id), content: message.content })
        .collect();
    let (account, session) = (owner.account.clone(), Arc::from(session));
    let bytes = messages.iter().map(|message| message.content.len()).sum();
    let posted = services
        .relay
        .write_little(&owner.account, bytes, move |tx| post(tx, &account, &session, &messages, None));
    let messages = posted.await?;
    Ok(Json(Receipts { messages }))
}
