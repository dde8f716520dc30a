//! `GET /auth/token`: a token for a name and a secret in `Authorization: Basic`, or for nobody.

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, HeaderValue};
use server::{ClientAddress, Problem};

use super::super::authorization::Authorization;
use super::super::{Auth, LoginError};
use super::Fields;

pub(super) async fn issue(
    State(auth): State<Auth>,
    RawQuery(query): RawQuery,
    client: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let query = Fields::of_form(query.unwrap_or_default().as_bytes());
    let login = match Authorization::of(&headers) {
        Authorization::Nothing => None,
        // What a client sends whose user is nobody.
        Authorization::Basic(basic) if basic.is_empty() => None,
        Authorization::Basic(basic) => {
            let client = client.map(|Extension(ClientAddress(address))| address);
            Some(auth.credentials().check(&basic, client).await.map_err(|error| challenged(&auth, error))?)
        }
        Authorization::Bearer(_) | Authorization::Unknown => {
            return Err(challenged(&auth, LoginError::Refused));
        }
    };
    let is_offline =
        query.get("offline_token") == Some("true") || query.get("access_type") == Some("offline");
    auth.issue(login.as_ref(), query.all("scope"), is_offline).await
}

/// A refusal says how to do better (RFC 7617, section 2).
pub(super) fn challenged(auth: &Auth, error: LoginError) -> Problem {
    let is_refusal = matches!(error, LoginError::Refused);
    let problem = Problem::from(error);
    if !is_refusal {
        return problem;
    }
    let realm = auth.config().service.replace(['"', '\\'], "");
    match HeaderValue::try_from(format!("Basic realm=\"{realm}\", charset=\"UTF-8\"")) {
        Ok(challenge) => problem.with_header(WWW_AUTHENTICATE, challenge),
        Err(_) => problem,
    }
}
