//! `DELETE /v1/sessions/{id}`: the session and everything that is part of it.

use axum::extract::State;
use serde_json::json;
use server::{Json, Problem};
use store::v;

use crate::Error;
use crate::access_keys::forget_of_session;
use crate::attachments::lose_of_session;
use crate::kept::of_session;
use crate::services::Services;
use crate::updates::Audience;
use crate::wire::{Done, Owner, Params};

pub(super) async fn delete(
    State(services): State<Services>,
    owner: Owner,
    Params([session]): Params<1>,
) -> Result<Json<Done>, Problem> {
    let (account, id) = (owner.account.clone(), session.clone());
    let deletion = services.relay.write(&owner.account, move |tx| {
        // Messages go with it; reports of usage have no key to follow.
        lose_of_session(tx.conn, &id)?;
        let keys = forget_of_session(tx.conn, &account, &id)?;
        let sql =
            concat!("DELETE FROM sync_sessions WHERE id = $1 AND account_id = $2 RETURNING ", of_session!());
        let session = tx.conn.query_opt(sql, &[v(&id), v(&*account)], |row| row.int(0))?;
        tx.keep(&account, -keys - session.ok_or(Error::NotFound("Session"))?);
        let sql = "DELETE FROM sync_usage_reports WHERE account_id = $1 AND session_id = $2";
        tx.conn.execute(sql, &[v(&*account), v(&id)])?;
        tx.tell(&account, Audience::Users, &json!({ "t": "delete-session", "sid": id }))
    });
    deletion.await.map_err(|error| match error {
        Error::NotFound(_) => Problem::not_found("Session not found or not owned by user"),
        error => error.into(),
    })?;
    services.presence.silence_session(&session);
    Ok(Json(Done::YES))
}
