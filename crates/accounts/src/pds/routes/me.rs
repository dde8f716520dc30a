//! `GET /auth/me`

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap,
    header::{CACHE_CONTROL, SET_COOKIE},
};
use serde::Serialize;
use server::{Caller, Json, Problem};
use utoipa::ToSchema;

use crate::pds::SignIn;

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    did: String,
    /// Whether they are a user of the admin API.
    is_admin: bool,
}

pub(super) async fn show(
    State(sign_in): State<SignIn>,
    caller: Option<Caller>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let did = caller.as_ref().and_then(|caller| caller.principal.did());
    let did = did.ok_or_else(|| Problem::unauthorized("not authenticated"))?;
    let is_admin = sign_in.is_user(did).await?;
    let body = Json(Me { did: did.to_owned(), is_admin });
    let mut response = ([(CACHE_CONTROL, "no-store")], body).into_response();
    // Pages ask this when they are opened, which is when a browser can take a new token.
    response.headers_mut().extend(sign_in.rotated(&headers).await?.map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}
