//! `GET /auth/login`

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, Uri,
    header::{CACHE_CONTROL, SET_COOKIE},
};
use serde_json::json;
use server::{Json, Problem, Query};

use super::host;
use crate::pds::{SignIn, sign_in::SignInRequest};

pub(super) async fn begin(
    State(sign_in): State<SignIn>,
    Query(request): Query<SignInRequest>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let host = host(&uri, &headers);
    let client = sign_in.client(host)?;
    let begun = sign_in.begin(&client, host, &request, &headers).await?;
    let mut response = ([(CACHE_CONTROL, "no-store")], Json(json!({ "url": begun.url }))).into_response();
    response.headers_mut().extend(begun.set_cookie.map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}
