//! `POST /auth/token`: the same by OAuth (RFC 6749, sections 4.3 and 6).

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use server::{ClientAddress, Problem};

use super::super::authorization::Basic;
use super::super::{Auth, LoginError};
use super::Fields;
use super::token_get::challenged;

pub(super) async fn issue(
    State(auth): State<Auth>,
    client: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let form = Fields::read(&headers, &body)?;
    let login = match form.required("grant_type")? {
        "password" => {
            let basic = Basic::new(form.required("username")?, form.required("password")?);
            let client = client.map(|Extension(ClientAddress(address))| address);
            match basic {
                Some(basic) => auth.credentials().check(&basic, client).await,
                None => Err(LoginError::Refused),
            }
        }
        "refresh_token" => auth.refreshed(form.required("refresh_token")?).await,
        _ => {
            let problem = Problem::bad_request("`grant_type` must be `password` or `refresh_token`");
            return Err(problem.named("unsupported_grant_type"));
        }
    };
    let login = login.map_err(|error| challenged(&auth, error))?;
    let is_offline = form.get("access_type") == Some("offline") || form.get("refresh_token").is_some();
    auth.issue(Some(&login), form.all("scope"), is_offline).await
}
