//! `GET /v1/account/profile`.

use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use server::{Json, Problem};
use store::{Conn, v};

use crate::avatars::Avatar;
use crate::services::Services;
use crate::wire::{Base, Owner, millis};
use crate::{Error, github};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Profile {
    id: String,
    /// When this was read.
    timestamp: i64,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
    avatar: Option<Avatar>,
    github: Option<Value>,
    /// The vendors whose tokens are here.
    connected_services: Vec<String>,
}

pub(super) async fn show(
    State(services): State<Services>,
    owner: Owner,
    base: Base,
) -> Result<Json<Profile>, Problem> {
    let mut profile = services.relay.read(move |conn| read(conn, &owner.account)).await?;
    profile.avatar = profile.avatar.map(|avatar| avatar.at(&base));
    Ok(Json(profile))
}

fn read(conn: &mut Conn<'_>, account: &str) -> Result<Profile, Error> {
    let connected_services = conn.query(
        "SELECT vendor FROM sync_vendor_tokens WHERE account_id = $1 AND vendor <> 'github' ORDER BY vendor",
        &[v(account)],
        |row| row.string(0),
    )?;
    let text = |text: Option<&str>| text.map(str::to_owned);
    let found = conn.query_opt(
        "SELECT first_name, last_name, username, avatar, github_profile FROM sync_accounts WHERE id = $1",
        &[v(account)],
        |row| {
            Ok::<_, Error>(Profile {
                id: account.to_owned(),
                timestamp: millis(clock::now_micros()),
                first_name: text(row.opt_text(0)?),
                last_name: text(row.opt_text(1)?),
                username: text(row.opt_text(2)?),
                avatar: Avatar::of_column(row.opt_text(3)?),
                github: github::shown(row.opt_text(4)?),
                connected_services: connected_services.clone(),
            })
        },
    )?;
    found.ok_or(Error::NotFound("Account"))
}
