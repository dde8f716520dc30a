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
use utoipa::{
    IntoParams, PartialSchema,
    openapi::path::{Parameter, ParameterBuilder, ParameterIn},
};

use crate::pds::SignIn;

/// What the authorization server sends along (RFC 6749, section 4.1.2), which is read byte by byte.
pub(super) enum Query {}

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
    for cookie in completed.cookies {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

impl IntoParams for Query {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = |name| {
            let builder = ParameterBuilder::new().name(name).schema(Some(String::schema()));
            builder.parameter_in(place().unwrap_or_default()).build()
        };
        ["state", "iss", "code", "error", "error_description"].map(parameter).into()
    }
}
