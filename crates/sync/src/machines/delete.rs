//! `DELETE /v1/machines/{id}`: the machine and its access keys; its sessions stay.

use axum::extract::State;
use serde_json::json;
use server::{Json, Problem};
use store::v;

use crate::Error;
use crate::access_keys::forget_of_machine;
use crate::kept::of_machine;
use crate::services::Services;
use crate::updates::Audience;
use crate::wire::{Done, Owner, Params};

pub(super) async fn delete(
    State(services): State<Services>,
    owner: Owner,
    Params([id]): Params<1>,
) -> Result<Json<Done>, Problem> {
    let account = owner.account.clone();
    let deletion = services.relay.write(&owner.account, move |tx| {
        let keys = forget_of_machine(tx.conn, &account, &id)?;
        let sql =
            concat!("DELETE FROM sync_machines WHERE id = $1 AND account_id = $2 RETURNING ", of_machine!());
        let machine = tx.conn.query_opt(sql, &[v(&id), v(&*account)], |row| row.int(0))?;
        tx.keep(&account, -keys - machine.ok_or(Error::NotFound("Machine"))?);
        tx.tell(&account, Audience::Users, &json!({ "t": "delete-machine", "machineId": id }))
    });
    deletion.await?;
    Ok(Json(Done::YES))
}
