//! `GET /oauth-client-metadata.json`

use atproto::oauth::ClientMetadata;
use axum::extract::State;
use server::{Json, Problem, Target};

use crate::pds::SignIn;

pub(super) async fn show(
    State(sign_in): State<SignIn>,
    target: Target,
) -> Result<Json<ClientMetadata>, Problem> {
    let client = sign_in.client(target.host())?;
    Ok(Json(client.metadata(&sign_in.settings().current())?))
}
