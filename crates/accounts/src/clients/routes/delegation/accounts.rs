//! `listAccounts` and `getAccount`.

use atproto::Did;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Problem, Query};
use time::OffsetDateTime;

use crate::{
    clients::{Clients, Delegation, Role, routes::through::Through},
    moment,
};

#[derive(Serialize)]
pub(crate) struct Accounts {
    accounts: Vec<Listed>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    did: String,
    role: Role,
    #[serde(serialize_with = "moment::serialize")]
    created_at: OffsetDateTime,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    did: Did,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shown {
    did: String,
    role: Role,
    linked_by: String,
    #[serde(serialize_with = "moment::serialize")]
    created_at: OffsetDateTime,
}

pub(crate) async fn accounts(
    State(clients): State<Clients>,
    caller: Option<Caller>,
) -> Result<Json<Accounts>, Problem> {
    let through = Through::of(&clients, caller).await?;
    let accounts = clients.accounts_of(&through.client.id, &through.did).await?;
    let listed = |Delegation { did, role, created_at, .. }| Listed { did, role, created_at };
    Ok(Json(Accounts { accounts: accounts.into_iter().map(listed).collect() }))
}

pub(crate) async fn account(
    State(clients): State<Clients>,
    caller: Option<Caller>,
    wanted: Result<Query<Wanted>, Problem>,
) -> Result<Json<Shown>, Problem> {
    let through = Through::of(&clients, caller).await?;
    let account = clients.shared_account(&through.client.id, &through.did, &wanted?.0.did).await?;
    let Delegation { did, role, linked_by, created_at } = account;
    Ok(Json(Shown { did, role, linked_by, created_at }))
}
