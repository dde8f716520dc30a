//! A session that is over.

use axum::extract::State;
use serde_json::json;
use server::{Json, Problem};
use store::v;

use crate::Error;
use crate::services::Services;
use crate::sessions::require;
use crate::updates::Audience;
use crate::wire::{Done, Owner, Params, millis};

/// `POST /v1/sessions/{id}/archive`.
pub(super) async fn archive(
    State(services): State<Services>,
    owner: Owner,
    Params([session]): Params<1>,
) -> Result<Json<Done>, Problem> {
    if !end(&services, &owner.account, &session, clock::now_micros()).await? {
        return Err(Error::NotFound("Session").into());
    }
    Ok(Json(Done::YES))
}

/// The session is not active any more, since `at` (microseconds); whether the account has such a session. Heartbeats that
/// are still on their way do not wake it.
pub(crate) async fn end(
    services: &Services,
    account: &std::sync::Arc<str>,
    session: &str,
    at: i64,
) -> Result<bool, Error> {
    // Whoever asks about somebody else's silences nothing.
    let (id, owner) = (session.to_owned(), account.clone());
    match services.relay.read(move |conn| require(conn, &owner, &id)).await {
        Ok(()) => services.presence.silence_session(session),
        Err(Error::NotFound(_)) => return Ok(false),
        Err(error) => return Err(error),
    }
    let (id, owner) = (session.to_owned(), account.clone());
    let ended = services.relay.write(account, move |tx| {
        let sql = "UPDATE sync_sessions SET active = 0, active_at = $3, updated_at = $4, ended_at = $4
                   WHERE id = $1 AND account_id = $2";
        Ok(tx.conn.execute(sql, &[v(&id), v(&*owner), v(at), v(tx.now)])? > 0)
    });
    if !ended.await? {
        return Ok(false);
    }
    let body = json!({
        "type": "activity", "id": session, "active": false, "activeAt": millis(at), "thinking": false,
    });
    services.relay.mention(account, &Audience::Users, &body);
    Ok(true)
}
