//! `POST /api/registry/session`: signing in in a browser with an account that is at home here. Everybody else [signs in](super::sign_in) at
//! their PDS, and all sign out with `/auth/logout`.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, SET_COOKIE};
use serde::{Deserialize, Serialize};
use server::{ClientAddress, Json, Problem};
use utoipa::ToSchema;

use crate::registry::Registry;

/// Bytes of the body.
pub(super) const BODY: usize = 4 << 10;

/// A name and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegistrySignIn)]
pub(super) struct SignIn {
    handle: String,
    password: String,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistrySignedIn)]
pub(super) struct SignedIn {
    did: String,
    handle: String,
}

/// The body is JSON, which no page of another site can send without asking first.
pub(super) async fn begin(
    State(registry): State<Registry>,
    client: Option<Extension<ClientAddress>>,
    Json(sign_in): Json<SignIn>,
) -> Result<Response, Problem> {
    let client = client.map(|Extension(ClientAddress(address))| address);
    let login = registry.auth.at_home(&sign_in.handle, &sign_in.password, client).await?;
    let started = registry.browse.browsers.start(&login.did, None).await?;
    let body = Json(SignedIn { did: login.did.to_string(), handle: login.handle });
    let mut response = ([(CACHE_CONTROL, "no-store")], body).into_response();
    response.headers_mut().insert(SET_COOKIE, started.set_cookie);
    Ok(response)
}
