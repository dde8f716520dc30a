//! `DELETE /v1/machines/{id}`: the machine and its access keys; its sessions stay.

use axum::extract::State;
use serde_json::json;
use server::{Json, Problem};
use store::v;

use crate::Error;
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
        let sql = "DELETE FROM sync_machines WHERE id = $1 AND account_id = $2";
        if tx.conn.execute(sql, &[v(&id), v(&*account)])? == 0 {
            return Err(Error::NotFound("Machine"));
        }
        tx.tell(&account, Audience::Users, &json!({ "t": "delete-machine", "machineId": id }))
    });
    deletion.await?;
    Ok(Json(Done::YES))
}
