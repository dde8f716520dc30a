//! `POST /v1/machines`: finds a machine by its id or makes it.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::json;
use server::{Json, Problem};
use store::v;

use super::machine::{Machine, Rest, columns};
use crate::Error;
use crate::kept::{size, size_of};
use crate::limits::{MAX_MACHINES, count};
use crate::services::Services;
use crate::updates::{Audience, Tx};
use crate::wire::{Body, Label, Opaque, Owner, lenient, present};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewMachine {
    id: Label,
    metadata: Opaque,
    #[serde(default, deserialize_with = "present")]
    daemon_state: Option<Opaque>,
    #[serde(default)]
    data_encryption_key: Option<Opaque>,
}

#[derive(Serialize)]
pub(super) struct Created {
    machine: Machine,
}

#[derive(Serialize)]
#[serde(tag = "t", rename = "new-machine", rename_all = "camelCase")]
struct Told<'a> {
    machine_id: &'a str,
    seq: u8,
    #[serde(flatten)]
    rest: &'a Rest,
}

pub(super) async fn create(
    State(services): State<Services>,
    owner: Owner,
    Body(new): Body<NewMachine>,
) -> Result<Json<Created>, Problem> {
    if new.id.is_empty() {
        return Err(Problem::bad_request("body/id is empty").named("Error"));
    }
    let account = owner.account.clone();
    let create = services.relay.write(&owner.account, move |tx| find_or_insert(tx, &account, &new));
    Ok(Json(Created { machine: create.await? }))
}

fn find_or_insert(tx: &mut Tx<'_, '_>, account: &Arc<str>, new: &NewMachine) -> Result<Machine, Error> {
    let found = tx.conn.query_opt(
        concat!("SELECT ", columns!(), ", account_id FROM sync_machines WHERE id = $1"),
        &[v(&*new.id)],
        |row| Ok::<_, Error>((Machine::load(row)?, row.string(10)?)),
    )?;
    match found {
        Some((machine, owner)) if *owner == **account => return Ok(machine),
        Some(_) => return Err(Error::Conflict("Machine with this ID already exists for another account")),
        None => {}
    }
    if count(tx.conn, "SELECT COUNT(*) FROM sync_machines WHERE account_id = $1", account)? >= MAX_MACHINES {
        return Err(Error::Full("machines"));
    }
    let machine = insert(tx, account, new)?;
    let told = Told { machine_id: &new.id, seq: 0, rest: &machine.rest };
    tx.tell(account, Audience::Users, &told)?;
    // For clients that only know this one.
    let (version, value) = (machine.rest.metadata_version, &machine.rest.metadata);
    let metadata = json!({ "version": version, "value": value });
    let body = json!({ "t": "update-machine", "machineId": &*new.id, "metadata": metadata });
    tx.tell(account, Audience::Machine((&*new.id).into()), &body)?;
    Ok(machine)
}

fn insert(tx: &mut Tx<'_, '_>, account: &Arc<str>, new: &NewMachine) -> Result<Machine, Error> {
    let key = new.data_encryption_key.as_deref().map(lenient);
    tx.keep(account, size(&*new.metadata) + size_of(new.daemon_state.as_deref()) + size_of(key.as_ref()));
    tx.conn.query_one(
        concat!(
            "INSERT INTO sync_machines (id, account_id, metadata, metadata_version, daemon_state,
                 daemon_state_version, data_key, active_at, created_at, updated_at)
             VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $7, $7) RETURNING ",
            columns!()
        ),
        &[
            v(&*new.id),
            v(&**account),
            v(&*new.metadata),
            v(new.daemon_state.as_deref()),
            v(new.daemon_state.is_some()),
            v(key.as_ref()),
            v(tx.now),
        ],
        Machine::load,
    )
}
