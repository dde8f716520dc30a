//! `addDelegate`, `removeDelegate` and `listDelegates`.

use atproto::Did;
use axum::extract::{State, rejection::JsonRejection};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Problem, Query};
use time::OffsetDateTime;

use super::Done;
use crate::{
    clients::{
        Clients, Delegate, Role,
        routes::through::{Through, body},
    },
    moment,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Add {
    account_did: Did,
    user_did: Did,
    role: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Remove {
    account_did: Did,
    user_did: Did,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Wanted {
    account_did: Did,
}

#[derive(Serialize)]
pub(crate) struct Delegates {
    delegates: Vec<Listed>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    user_did: String,
    role: Role,
    granted_by: String,
    #[serde(serialize_with = "moment::serialize")]
    created_at: OffsetDateTime,
}

pub(crate) async fn add(
    State(clients): State<Clients>,
    caller: Option<Caller>,
    delegate: Result<axum::Json<Add>, JsonRejection>,
) -> Result<(StatusCode, Json<Done>), Problem> {
    let through = Through::of(&clients, caller).await?;
    let Add { account_did, user_did, role } = body(delegate)?;
    let role = role.parse()?;
    clients.add_delegate(&through.client.id, &through.did, &account_did, &user_did, role).await?;
    Ok((StatusCode::CREATED, Json(Done {})))
}

pub(crate) async fn remove(
    State(clients): State<Clients>,
    caller: Option<Caller>,
    delegate: Result<axum::Json<Remove>, JsonRejection>,
) -> Result<Json<Done>, Problem> {
    let through = Through::of(&clients, caller).await?;
    let Remove { account_did, user_did } = body(delegate)?;
    clients.remove_delegate(&through.client.id, &through.did, &account_did, &user_did).await?;
    Ok(Json(Done {}))
}

pub(crate) async fn delegates(
    State(clients): State<Clients>,
    caller: Option<Caller>,
    wanted: Result<Query<Wanted>, Problem>,
) -> Result<Json<Delegates>, Problem> {
    let through = Through::of(&clients, caller).await?;
    let delegates = clients.delegates_of(&through.client.id, &through.did, &wanted?.0.account_did).await?;
    let listed = |Delegate { user_did, role, granted_by, created_at }| Listed {
        user_did,
        role,
        granted_by,
        created_at,
    };
    Ok(Json(Delegates { delegates: delegates.into_iter().map(listed).collect() }))
}
