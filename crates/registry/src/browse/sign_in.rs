//! `GET /api/registry/sign-in`: to one's PDS and back. Whoever has an account anywhere may, and is no user of the server by it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use server::{Problem, Query, Target};
use url::Url;
use utoipa::IntoParams;

use crate::registry::Registry;

/// Stars, pages and deletions are written with this session.
const SCOPE: &str = "atproto transition:generic";

/// Bytes of a path.
const MAX_PATH: usize = 1_024;

#[derive(Deserialize, IntoParams)]
pub(super) struct Asked {
    /// Who wants to sign in.
    handle: String,
    /// The path to come back to. Default: `/`.
    to: Option<String>,
}

pub(super) async fn begin(
    State(registry): State<Registry>,
    Query(asked): Query<Asked>,
    target: Target,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let to = path(asked.to.as_deref().unwrap_or("/"));
    let to = to.ok_or_else(|| Problem::bad_request("`to` is no path of this server"))?;
    let base = Url::parse(&registry.auth.config().base_url).map_err(Problem::internal)?;
    let destination = format!("{}{to}", base.path().trim_end_matches('/'));
    let departure = registry.auth.depart(&target, &headers, &asked.handle, SCOPE, &destination).await?;
    let location = HeaderValue::try_from(departure.location).map_err(Problem::internal)?;
    let no_store = (CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, location), no_store]).into_response();
    response.headers_mut().extend(departure.set_cookie.map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

/// A path of this server, and of no other.
fn path(text: &str) -> Option<&str> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_ours = text.starts_with('/') && !text.starts_with("//");
    (is_ours && is_plain && text.len() <= MAX_PATH).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn it_leads_nowhere_else() {
        for ours in ["/", "/r/alice.test/app?x=y#z"] {
            assert_eq!(path(ours), Some(ours));
        }
        for other in ["", "r", "//evil.test", "/\\evil.test", "https://evil.test", "/\n/evil.test", "/ä"] {
            assert_eq!(path(other), None, "{other:?}");
        }
    }
}
