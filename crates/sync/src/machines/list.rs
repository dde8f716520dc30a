//! Reading machines.

use axum::extract::State;
use serde::Serialize;
use server::{Json, Problem};
use store::{Conn, v};

use super::machine::{Machine, Numbered, columns, size};
use crate::Error;
use crate::limits::MAX_MACHINES;
use crate::portion::{Fit, LIST, Laden};
use crate::services::Services;
use crate::wire::{Owner, Params};

macro_rules! all {
    ($($columns:tt)*) => {
        concat!(
            "SELECT ",
            $($columns)*,
            " FROM sync_machines WHERE account_id = $1 ORDER BY active_at DESC LIMIT $2"
        )
    };
}

/// `GET /v1/machines`: a bare array, which is what clients index.
pub(super) async fn list(
    State(services): State<Services>,
    owner: Owner,
) -> Result<Laden<Json<Vec<Numbered>>>, Problem> {
    let account = owner.account.clone();
    let fit = move |conn: &mut Conn<'_>| {
        Fit::of(conn, all!(size!()), &[v(&*account), v(MAX_MACHINES)], MAX_MACHINES, LIST)
    };
    let read = move |conn: &mut Conn<'_>, fit: &Fit| {
        conn.query(all!(columns!()), &[v(&*owner.account), v(fit.rows)], Machine::load)
    };
    let (machines, _, place) = services.relay.portion(fit, read).await?;
    Ok(Laden(Json(machines.into_iter().map(Into::into).collect()), place))
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
