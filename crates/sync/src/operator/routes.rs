//! `/admin/relay`: accounts in figures, and the end of their tokens, for whoever runs the server.

use accounts::permissions::{SETTINGS_MANAGE, STATS_READ};
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use server::{Extension, Json, Path, Problem, Route};
use utoipa::ToSchema;

use super::{Figures, Operator};

/// As many accounts as are counted for one request: each is a handful of statements.
const SHOWN: u32 = 50;

/// The newest accounts of the relay.
#[derive(Serialize, ToSchema)]
#[schema(as = RelayAccounts)]
struct Accounts {
    accounts: Vec<Figures>,
}

/// What became of tokens.
#[derive(Serialize, ToSchema)]
#[schema(as = RelayTokensRevoked)]
struct Revoked {
    revoked: u64,
}

/// What the relay adds to the admin API.
pub(super) fn extension(operator: &Operator) -> Extension {
    let list = Route::get("/admin/relay/accounts", STATS_READ, "List the relay's newest accounts", list)
        .operation_id("listRelayAccounts")
        .gives::<Accounts>(StatusCode::OK);
    let revoke = Route::post(
        "/admin/relay/accounts/{id}/revoke-tokens",
        SETTINGS_MANAGE,
        "Revoke all tokens of an account of the relay",
        revoke,
    )
    .operation_id("revokeRelayTokens")
    .gives::<Revoked>(StatusCode::OK);
    Extension::new("/admin").routes(operator, [list, revoke])
}

async fn list(State(operator): State<Operator>) -> Result<Json<Accounts>, Problem> {
    let accounts = operator.accounts(SHOWN).await.map_err(Problem::internal)?;
    Ok(Json(Accounts { accounts }))
}

/// Its sockets are closed within minutes; whoever has the account's key gets new tokens.
async fn revoke(State(operator): State<Operator>, Path(id): Path<String>) -> Result<Json<Revoked>, Problem> {
    if operator.account(&id).await.map_err(Problem::internal)?.is_none() {
        return Err(Problem::not_found("account not found"));
    }
    let revoked = operator.revoke_tokens(&id).await.map_err(Problem::internal)?;
    Ok(Json(Revoked { revoked }))
}
