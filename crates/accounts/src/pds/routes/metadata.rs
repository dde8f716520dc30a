//! `GET /oauth-client-metadata.json`

use atproto::oauth::ClientMetadata;
use axum::extract::State;
use http::{HeaderMap, Uri};
use server::{Json, Problem};

use super::host;
use crate::pds::SignIn;

pub(super) async fn show(
    State(sign_in): State<SignIn>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Json<ClientMetadata>, Problem> {
    let client = sign_in.client(host(&uri, &headers))?;
    Ok(Json(client.metadata(&sign_in.settings().current())?))
}
