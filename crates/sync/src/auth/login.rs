//! `POST /v1/auth`: an account is whoever has its key (spec/sync.md §1.1).

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use axum::extract::State;
use data_encoding::HEXUPPER;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use server::{Json, Problem};
use store::{Conn, v};

use super::challenge;
use crate::Error;
use crate::client::client_name;
use crate::id::new_id;
use crate::services::Services;
use crate::tokens::{Origin, mint};
use crate::wire::{Body, Label, strict};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Login {
    public_key: Label,
    challenge: Label,
    signature: Label,
}

#[derive(Serialize)]
pub(super) struct LoggedIn {
    success: bool,
    token: String,
}

/// Makes the account if it is new.
pub(super) async fn log_in(
    State(services): State<Services>,
    headers: HeaderMap,
    Body(login): Body<Login>,
) -> Result<Json<LoggedIn>, Problem> {
    let (key, challenge) = login.verified().ok_or_else(|| Problem::unauthorized("Invalid signature"))?;
    if !challenge::use_up(&services.cache, &challenge).await.map_err(Problem::internal)? {
        return Err(Problem::unauthorized("Invalid signature"));
    }
    let (key, client) = (HEXUPPER.encode(&key), client_name(&headers));
    let token = services.relay.state().write(move |conn| enter(conn, &key, client.as_deref())).await?;
    Ok(Json(LoggedIn { success: true, token }))
}

impl Login {
    /// The key and the challenge, if the one has signed the other.
    fn verified(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let (key, challenge) = (strict(&self.public_key)?, strict(&self.challenge)?);
        let signature = strict(&self.signature)?;
        let is_signed = UnparsedPublicKey::new(&ED25519, &key).verify(&challenge, &signature).is_ok();
        if !is_signed && !faults::mutant!("sync-login-not-signed") {
            return None;
        }
        Some((key, challenge))
    }
}

fn enter(conn: &mut Conn<'_>, key: &str, client: Option<&str>) -> Result<String, Error> {
    let now = clock::now_micros();
    let account = conn.query_one(
        "INSERT INTO sync_accounts (id, public_key, created_at, updated_at) VALUES ($1, $2, $3, $3)
         ON CONFLICT (public_key) DO UPDATE SET updated_at = excluded.updated_at
         RETURNING id",
        &[v(&new_id()), v(key), v(now)],
        |row| row.string(0),
    )?;
    conn.execute(
        "INSERT INTO sync_account_seqs (account_id, seq) VALUES ($1, 0) ON CONFLICT (account_id) DO NOTHING",
        &[v(&account)],
    )?;
    mint(conn, &account, Origin::Login, client, now)
}
