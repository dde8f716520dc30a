//! Settings: one text that only clients can read, written by compare and set.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use server::{Json, Problem};
use store::{Conn, v};

use crate::Error;
use crate::kept::size_of;
use crate::services::Services;
use crate::updates::{Audience, Tx};
use crate::wire::{Body, Opaque, Owner, failed};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Settings {
    settings: Option<String>,
    settings_version: i64,
}

fn read(conn: &mut Conn<'_>, account: &str) -> Result<Settings, Error> {
    let found = conn.query_opt(
        "SELECT settings, settings_version FROM sync_accounts WHERE id = $1",
        &[v(account)],
        |row| {
            let settings = row.opt_text(0)?.map(str::to_owned);
            Ok::<_, Error>(Settings { settings, settings_version: row.int(1)? })
        },
    )?;
    found.ok_or(Error::NotFound("Account"))
}

pub(super) async fn show(State(services): State<Services>, owner: Owner) -> Result<Json<Settings>, Problem> {
    let settings = services.relay.read(move |conn| read(conn, &owner.account)).await;
    settings.map(Json).map_err(failed("Failed to get account settings"))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewSettings {
    /// `null` removes them. It must be there: one that is forgotten removes nothing.
    #[serde(deserialize_with = "Option::deserialize")]
    settings: Option<Opaque>,
    expected_version: u32,
}

pub(super) async fn change(
    State(services): State<Services>,
    owner: Owner,
    Body(new): Body<NewSettings>,
) -> Result<Json<Value>, Problem> {
    let account = owner.account.clone();
    let write = services.relay.write(&owner.account, move |tx| write(tx, &account, &new));
    Ok(Json(match write.await.map_err(failed("Failed to update account settings"))? {
        Ok(version) => json!({ "success": true, "version": version }),
        Err(now) => json!({
            "success": false, "error": "version-mismatch",
            "currentVersion": now.settings_version, "currentSettings": now.settings,
        }),
    }))
}

/// The new version, or the settings as they are.
fn write(tx: &mut Tx<'_, '_>, account: &Arc<str>, new: &NewSettings) -> Result<Result<i64, Settings>, Error> {
    let value = new.settings.as_deref();
    let now = read(tx.conn, account)?;
    if now.settings_version != i64::from(new.expected_version) {
        return Ok(Err(now));
    }
    let version = tx.conn.query_one(
        "UPDATE sync_accounts SET settings = $2, settings_version = settings_version + 1, updated_at = $3
         WHERE id = $1 RETURNING settings_version",
        &[v(&**account), v(value), v(tx.now)],
        |row| row.int(0),
    )?;
    tx.keep(account, size_of(value) - size_of(now.settings));
    let settings = json!({ "value": value, "version": version });
    let body = json!({ "t": "update-account", "id": &**account, "settings": settings });
    tx.tell(account, Audience::Users, &body)?;
    Ok(Ok(version))
}
