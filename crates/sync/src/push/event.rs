//! `POST /v1/sessions/{id}/push-event`: a session wants somebody's attention.
//!
//! Sockets are told at once. This server sends nothing to the push services of others: that is off, and said so.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use server::{Json, Problem};
use store::{Conn, v};

use crate::services::Services;
use crate::sessions::require;
use crate::updates::Audience;
use crate::wire::{Body, Label, Owner, Params, millis};

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Done,
    Permission,
    Question,
}

#[derive(Deserialize)]
pub(super) struct PushEvent {
    kind: Kind,
    title: Label,
    body: Label,
    #[serde(default, rename = "data")]
    _data: Option<Map<String, Value>>,
}

#[derive(Serialize)]
pub(super) struct Pushed {
    success: bool,
    /// `suppressed`, `no_tokens` or `failed`.
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

pub(super) async fn push(
    State(services): State<Services>,
    owner: Owner,
    Params([session]): Params<1>,
    Body(event): Body<PushEvent>,
) -> Result<Json<Pushed>, Problem> {
    check("title", &event.title, 200)?;
    check("body", &event.body, 500)?;
    let (account, id) = (owner.account.clone(), session.clone());
    let tokens = services.relay.read(move |conn: &mut Conn<'_>| {
        require(conn, &account, &id)?;
        let sql = "SELECT COUNT(*) FROM sync_push_tokens WHERE account_id = $1";
        Ok(conn.query_one(sql, &[v(&*account)], |row| row.int(0))?)
    });
    let tokens = tokens.await?;
    let audience = Audience::Session(Arc::from(session.as_str()));
    let body = json!({
        "type": "session-event", "sessionId": session, "kind": event.kind, "title": event.title,
        "body": event.body, "timestamp": millis(clock::now_micros()),
    });
    services.relay.mention(&owner.account, &audience, &body);
    let (result, reason) = if services.relay.is_watched(&owner.account) {
        ("suppressed", Some("active-ui-client"))
    } else if tokens == 0 {
        ("no_tokens", None)
    } else {
        ("failed", Some("This server sends no push notifications"))
    };
    Ok(Json(Pushed { success: true, result, reason }))
}

fn check(field: &str, text: &str, max: usize) -> Result<(), Problem> {
    if (1..=max).contains(&text.chars().count()) {
        return Ok(());
    }
    Err(Problem::bad_request(format!("body/{field} must have 1 to {max} characters")).named("Error"))
}
