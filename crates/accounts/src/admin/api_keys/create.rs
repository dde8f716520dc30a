//! `POST /admin/api-keys`.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Json, Problem};
use utoipa::ToSchema;

use crate::{Accounts, Actor};

/// A key to make.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewApiKey)]
pub(crate) struct Create {
    /// What it is for.
    name: String,
    /// What it may do as long as its owner may; only what the caller holds.
    permissions: Vec<String>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
#[schema(as = CreatedApiKey)]
pub(crate) struct Created {
    id: String,
    name: String,
    /// The key, shown this once.
    key: String,
    key_prefix: String,
    permissions: Vec<&'static str>,
}

/// The answer is the only place where the key is ever seen.
pub(super) async fn create(
    State(accounts): State<Accounts>,
    actor: Actor,
    Json(Create { name, permissions }): Json<Create>,
) -> Result<(StatusCode, Json<Created>), Problem> {
    let made = accounts.keys.create(&actor, &name, &permissions).await?;
    let created = Created {
        id: made.id,
        name: made.name,
        key: made.key,
        key_prefix: made.key_prefix,
        permissions: made.permissions.iter().map(|permission| permission.name()).collect(),
    };
    Ok((StatusCode::CREATED, Json(created)))
}
