//! `GET /auth/callback`

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY, SET_COOKIE},
};
use server::Problem;

use crate::pds::SignIn;

pub(super) async fn complete(
    State(sign_in): State<SignIn>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let completed = sign_in.complete(query.as_deref().unwrap_or_default(), &headers).await?;
    let location = HeaderValue::try_from(completed.location).map_err(Problem::internal)?;
    // The address has a code in it.
    let guarded = [(CACHE_CONTROL, "no-store"), (REFERRER_POLICY, "no-referrer")];
    let mut response = (StatusCode::SEE_OTHER, guarded, [(LOCATION, location)]).into_response();
    response.headers_mut().extend(completed.set_cookie.map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}
