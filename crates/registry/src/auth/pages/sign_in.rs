//! `GET /device/sign-in`: to one's PDS and back.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use server::{Problem, Target};
use url::Url;

use super::super::Auth;
use super::super::flow::UserCode;
use super::super::routes::Fields;
use super::trouble::Trouble;

/// What a device may do in somebody's name is written with this session.
const SCOPE: &str = "atproto transition:generic";

pub(super) async fn begin(
    State(auth): State<Auth>,
    RawQuery(query): RawQuery,
    target: Target,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let query = Fields::of_form(query.unwrap_or_default().as_bytes());
    let sign_in = auth
        .sign_in()
        .ok_or_else(|| Problem::not_found("nobody signs in here with an account of elsewhere"))?;
    let code = UserCode::parse(query.required("user_code")?);
    let code = code.ok_or_else(|| Problem::bad_request("`user_code` is no code of a device"))?;
    let base = Url::parse(&auth.config().base_url).map_err(Problem::internal)?;
    let path = format!("{}/device?user_code={code}", base.path().trim_end_matches('/'));
    match sign_in.depart(&target, &headers, query.required("handle")?, SCOPE, &path).await {
        Ok(departure) => {
            let location = HeaderValue::try_from(departure.location).map_err(Problem::internal)?;
            let no_store = (CACHE_CONTROL, HeaderValue::from_static("no-store"));
            let mut response = (StatusCode::SEE_OTHER, [(LOCATION, location), no_store]).into_response();
            response.headers_mut().extend(departure.set_cookie.map(|cookie| (SET_COOKIE, cookie)));
            Ok(response)
        }
        Err(problem) if problem.is_our_fault() => Err(problem),
        // Back to the form, which says why in words of its own: anybody can make such an address.
        Err(problem) => {
            let why = Trouble::of(problem.status).name();
            let location =
                HeaderValue::try_from(format!("{path}&problem={why}")).map_err(Problem::internal)?;
            Ok((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
        }
    }
}
