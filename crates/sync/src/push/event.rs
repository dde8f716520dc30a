//! `POST /v1/sessions/{id}/push-event`: a session wants somebody's attention.
//!
//! Sockets are told at once. Devices are told through a push service, if one is configured and nobody is looking already.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use server::{Json, Problem};
use store::{Conn, v};

use super::service::{Delivery, PushService};
use crate::Error;
use crate::services::Services;
use crate::sessions::require;
use crate::updates::Audience;
use crate::wire::{Body, Bounded, Owner, Params, millis};

/// The largest `data`, in bytes: push services take no more.
const MAX_DATA: usize = 4096;

/// Events of an account in a minute that devices are told of.
const MAX_EVENTS: i64 = 60;

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Done,
    Permission,
    Question,
}

/// Far more than the characters that [`check`] allows can have.
type Words = Bounded<8192>;

#[derive(Deserialize)]
pub(super) struct PushEvent {
    kind: Kind,
    title: Words,
    body: Words,
    #[serde(default)]
    data: Option<Map<String, Value>>,
}

#[derive(Serialize)]
pub(super) struct Pushed {
    success: bool,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
enum Outcome {
    Suppressed { reason: &'static str },
    NoTokens,
    Sent { tokens: usize },
    Partial { tokens: usize, delivered: usize, reason: String },
    Failed { reason: String },
}

pub(super) async fn push(
    State(services): State<Services>,
    owner: Owner,
    Params([session]): Params<1>,
    Body(event): Body<PushEvent>,
) -> Result<Json<Pushed>, Problem> {
    check("title", &event.title, 200)?;
    check("body", &event.body, 500)?;
    let data = data(&session, &event)?;
    let (account, id) = (owner.account.clone(), session.clone());
    let tokens = services.relay.read(move |conn: &mut Conn<'_>| {
        require(conn, &account, &id)?;
        let sql = "SELECT token FROM sync_push_tokens WHERE account_id = $1";
        Ok(conn.query(sql, &[v(&*account)], |row| row.string(0))?)
    });
    let tokens = tokens.await?;
    let audience = Audience::Session(Arc::from(session.as_str()));
    let body = json!({
        "type": "session-event", "sessionId": session, "kind": event.kind, "title": event.title,
        "body": event.body, "timestamp": millis(clock::now_micros()),
    });
    services.relay.mention(&owner.account, &audience, &body);
    let outcome = if services.relay.is_watched(&services.cache, &owner.account).await {
        Outcome::Suppressed { reason: "active-ui-client" }
    } else if tokens.is_empty() {
        Outcome::NoTokens
    } else if let Some(service) = &services.push {
        tell(&services, service, &owner.account, tokens, &event, &data).await?
    } else {
        Outcome::Failed { reason: "This server sends no push notifications".to_owned() }
    };
    Ok(Json(Pushed { success: true, outcome }))
}

/// What goes along with the words: what the caller says, within what is said here.
fn data(session: &str, event: &PushEvent) -> Result<Map<String, Value>, Problem> {
    let mut data = Map::from_iter([("sessionId".to_owned(), json!(session))]);
    data.extend(event.data.clone().unwrap_or_default());
    data.insert("kind".to_owned(), json!(event.kind));
    if serde_json::to_vec(&data).is_ok_and(|json| json.len() <= MAX_DATA) {
        return Ok(data);
    }
    Err(Problem::bad_request(format!("body/data must have at most {MAX_DATA} bytes")).named("Error"))
}

/// Tells devices, and forgets those that are there no more.
async fn tell(
    services: &Services,
    service: &PushService,
    account: &Arc<str>,
    tokens: Vec<String>,
    event: &PushEvent,
    data: &Map<String, Value>,
) -> Result<Outcome, Error> {
    let key = format!("sync:pushes:{account}");
    // A cache that does not answer refuses nobody.
    if services.cache.increment(&key, 1, Duration::from_mins(1)).await.unwrap_or(0) > MAX_EVENTS {
        return Ok(Outcome::Failed { reason: "Too many notifications. Try again in a minute.".to_owned() });
    }
    let count = tokens.len();
    let Delivery { delivered, gone, reasons } = service.send(tokens, &event.title, &event.body, data).await;
    if !gone.is_empty() {
        let account = account.clone();
        let forget = move |conn: &mut Conn<'_>| {
            let sql = "DELETE FROM sync_push_tokens WHERE account_id = $1 AND token = $2";
            gone.iter().try_for_each(|token| conn.execute(sql, &[v(&*account), v(token)]).map(drop))
        };
        services.relay.state().write(forget).await.map_err(|error: store::Error| Error::from(error))?;
    }
    let reason = reasons.into_iter().collect::<Vec<_>>().join(",");
    Ok(match delivered {
        0 => Outcome::Failed { reason },
        all if all == count => Outcome::Sent { tokens: count },
        delivered => Outcome::Partial { tokens: count, delivered, reason },
    })
}

fn check(field: &str, text: &str, max: usize) -> Result<(), Problem> {
    if (1..=max).contains(&text.chars().count()) {
        return Ok(());
    }
    Err(Problem::bad_request(format!("body/{field} must have 1 to {max} characters")).named("Error"))
}
