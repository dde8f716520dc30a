//! `GET /auth/login`

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap,
    header::{CACHE_CONTROL, SET_COOKIE},
};
use serde::Serialize;
use server::{Json, Problem, Query, Target};
use utoipa::ToSchema;

use crate::pds::{SignIn, sign_in::SignInRequest};

/// Where to send the browser.
#[derive(Serialize, ToSchema)]
#[schema(as = BegunSignIn)]
pub(super) struct Begun {
    url: String,
}

pub(super) async fn begin(
    State(sign_in): State<SignIn>,
    Query(request): Query<SignInRequest>,
    target: Target,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let host = target.host();
    let client = sign_in.client(host)?;
    let begun = sign_in.begin(&client, host, &request, &headers, false).await?;
    let mut response = ([(CACHE_CONTROL, "no-store")], Json(Begun { url: begun.url })).into_response();
    response.headers_mut().extend(begun.set_cookie.map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}
