//! Reading machines.

use axum::extract::State;
use serde::Serialize;
use server::{Json, Problem};
use store::{Conn, v};

use super::machine::{Machine, Numbered, columns};
use crate::Error;
use crate::services::Services;
use crate::wire::{Owner, Params};

/// `GET /v1/machines`: a bare array, which is what clients index.
pub(super) async fn list(
    State(services): State<Services>,
    owner: Owner,
) -> Result<Json<Vec<Numbered>>, Problem> {
    let sql =
        concat!("SELECT ", columns!(), " FROM sync_machines WHERE account_id = $1 ORDER BY active_at DESC");
    let read = move |conn: &mut Conn<'_>| conn.query(sql, &[v(&*owner.account)], Machine::load);
    Ok(Json(services.relay.list(read).await?.into_iter().map(Into::into).collect()))
}

#[derive(Serialize)]
pub(super) struct One {
    machine: Numbered,
}

/// `GET /v1/machines/{id}`.
pub(super) async fn show(
    State(services): State<Services>,
    owner: Owner,
    Params([id]): Params<1>,
) -> Result<Json<One>, Problem> {
    let sql = concat!("SELECT ", columns!(), " FROM sync_machines WHERE id = $1 AND account_id = $2");
    let read = move |conn: &mut Conn<'_>| conn.query_opt(sql, &[v(&id), v(&*owner.account)], Machine::load);
    let machine = services.relay.read(read).await?.ok_or(Error::NotFound("Machine"))?;
    Ok(Json(One { machine: machine.into() }))
}
