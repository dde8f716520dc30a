//! `POST /admin/domains`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use server::{Json, Problem};
use utoipa::ToSchema;

use super::View;
use crate::{Accounts, Actor};

/// A domain to add.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewDomain)]
pub(crate) struct Add {
    /// An origin, e.g. `https://app.example.com`.
    url: String,
}

pub(super) async fn add(
    State(accounts): State<Accounts>,
    actor: Actor,
    Json(Add { url }): Json<Add>,
) -> Result<(StatusCode, Json<View>), Problem> {
    let domain = accounts.domains.add(&actor, &url).await?;
    Ok((StatusCode::CREATED, Json(domain.into())))
}
