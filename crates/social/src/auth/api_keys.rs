//! Keys for programs: they have all rights of their owner (spec/social.md §3.1).

use axum::extract::State;
use data_encoding::HEXLOWER;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Json, Path, Problem};
use store::{Conn, v};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::services::Services;
use crate::wire::{Me, instant};
use crate::{Error, Id};

/// Keys of one person.
const MAX_KEYS: i64 = 50;

/// What is kept of a key.
pub(super) fn hash(key: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, key.as_bytes());
    HEXLOWER.encode(digest.as_ref())
}

/// The keys of somebody.
#[derive(Serialize, ToSchema)]
#[schema(as = SocialApiKeys)]
pub(super) struct Keys {
    keys: Vec<Key>,
}

/// A key, without what opens anything.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialApiKey)]
pub(super) struct Key {
    id: String,
    name: String,
    created_at: String,
}

pub(super) async fn list(State(services): State<Services>, Me(me): Me) -> Result<Json<Keys>, Problem> {
    let sql = "SELECT uuid, name, created_at FROM social_api_keys WHERE user_id = $1 ORDER BY id";
    let keys = services.ask(move |conn| {
        conn.query(sql, &[me.into()], |row| {
            Ok(Key { id: row.string(0)?, name: row.string(1)?, created_at: instant(row.int(2)?) })
        })
    });
    Ok(Json(Keys { keys: keys.await? }))
}

/// What a key is for.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSocialApiKey)]
pub(super) struct New {
    /// 1 to 50 characters.
    name: String,
}

/// A key as it is shown once.
#[derive(Serialize, ToSchema)]
#[schema(as = MadeSocialApiKey)]
pub(super) struct Made {
    id: String,
    name: String,
    /// Goes into the header `X-Api-Key`.
    key: String,
}

pub(super) async fn make(
    State(services): State<Services>,
    Me(me): Me,
    Json(New { name }): Json<New>,
) -> Result<Json<Made>, Problem> {
    if !(1..=50).contains(&name.chars().count()) || name.contains('\0') {
        return Err(Error::Invalid("a name has 1 to 50 characters".into()).into());
    }
    let key = HEXLOWER.encode(&rand::random::<[u8; 16]>());
    let (id, hash, called, now) = (Uuid::new_v4().to_string(), hash(&key), name.clone(), clock::now_micros());
    let row = id.clone();
    services.change(move |conn| add(conn, now, me, &row, &hash, &called)).await?;
    Ok(Json(Made { id, name, key }))
}

fn add(conn: &mut Conn<'_>, now: i64, me: Id, uuid: &str, hash: &str, name: &str) -> Result<(), Error> {
    let sql = "SELECT count(*) FROM social_api_keys WHERE user_id = $1";
    if conn.query_one(sql, &[me.into()], |row| row.int(0))? >= MAX_KEYS {
        return Err(Error::Invalid(format!("nobody has more than {MAX_KEYS} keys; remove one first")));
    }
    let sql = "INSERT INTO social_api_keys (id, uuid, user_id, key_hash, name, created_at)
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    Id::insert(conn, "social_api_keys", now, |conn, id| {
        conn.execute(sql, &[id.into(), v(uuid), me.into(), v(hash), v(name), v(now)])
    })?;
    Ok(())
}

pub(super) async fn remove(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let sql = "DELETE FROM social_api_keys WHERE user_id = $1 AND uuid = $2";
    let removed = services.change(move |conn| Ok(conn.execute(sql, &[me.into(), v(&id)])?)).await?;
    if removed == 0 { Err(Error::NotFound("key").into()) } else { Ok(StatusCode::NO_CONTENT) }
}
