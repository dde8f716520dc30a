//! `POST /v1/sessions`: finds a session by its tag or makes it.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Problem};
use store::v;

use super::session::{Session, WithLastMessage, columns};
use crate::Error;
use crate::id::new_id;
use crate::kept::{size, size_of};
use crate::limits::{MAX_SESSIONS, count};
use crate::services::Services;
use crate::updates::{Audience, Tx};
use crate::wire::{Body, Label, Opaque, Owner, lenient};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewSession {
    tag: Label,
    metadata: Opaque,
    /// What it says is not taken over: clients count on the first state being none (spec/sync.md §12).
    #[serde(default, rename = "agentState")]
    _agent_state: Option<Opaque>,
    #[serde(default)]
    data_encryption_key: Option<Opaque>,
}

#[derive(Serialize)]
pub(super) struct Created {
    session: WithLastMessage,
}

#[derive(Serialize)]
#[serde(tag = "t", rename = "new-session")]
struct Told<'a> {
    #[serde(flatten)]
    session: &'a Session,
}

pub(super) async fn create(
    State(services): State<Services>,
    owner: Owner,
    Body(new): Body<NewSession>,
) -> Result<Json<Created>, Problem> {
    let account = owner.account.clone();
    let session = services.relay.write(&owner.account, move |tx| find_or_insert(tx, &account, &new)).await?;
    services.presence.resume_session(&session.id);
    Ok(Json(Created { session: session.into() }))
}

fn find_or_insert(tx: &mut Tx<'_, '_>, account: &Arc<str>, new: &NewSession) -> Result<Session, Error> {
    let found = tx.conn.query_opt(
        concat!("SELECT ", columns!(), " FROM sync_sessions WHERE account_id = $1 AND tag = $2"),
        &[v(&**account), v(&*new.tag)],
        Session::load,
    )?;
    if let Some(session) = found {
        let sql = "UPDATE sync_sessions SET ended_at = NULL WHERE id = $1 AND ended_at IS NOT NULL";
        tx.conn.execute(sql, &[v(&session.id)])?;
        return Ok(session);
    }
    if count(tx.conn, "SELECT COUNT(*) FROM sync_sessions WHERE account_id = $1", account)? >= MAX_SESSIONS {
        return Err(Error::Full("sessions"));
    }
    let key = new.data_encryption_key.as_deref().map(lenient);
    let session = tx.conn.query_one(
        concat!(
            "INSERT INTO sync_sessions
                 (id, account_id, tag, metadata, data_key, active_at, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $6, $6) RETURNING ",
            columns!()
        ),
        &[v(&new_id()), v(&**account), v(&*new.tag), v(&*new.metadata), v(key.as_ref()), v(tx.now)],
        Session::load,
    )?;
    tx.keep(account, size(&*new.metadata) + size_of(key));
    tx.tell(account, Audience::Users, &Told { session: &session })?;
    Ok(session)
}
