//! `GET /auth/me`

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap,
    header::{CACHE_CONTROL, SET_COOKIE},
};
use serde_json::json;
use server::{Caller, Json, Problem};

use crate::pds::SignIn;

pub(super) async fn show(
    State(sign_in): State<SignIn>,
    caller: Option<Caller>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let did = caller.as_ref().and_then(|caller| caller.principal.did());
    let did = did.ok_or_else(|| Problem::unauthorized("not authenticated"))?;
    let is_admin = sign_in.is_user(did).await?;
    let body = Json(json!({ "did": did, "is_admin": is_admin }));
    let mut response = ([(CACHE_CONTROL, "no-store")], body).into_response();
    // Pages ask this when they are opened, which is when a browser can take a new token.
    response.headers_mut().extend(sign_in.rotated(&headers).await?.map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}
