//! `GET /media/{path}`: what anybody may see.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, StatusCode, header::IF_NONE_MATCH};
use server::{Access, Path, Problem, Route};

use crate::Error;
use crate::services::Services;

/// A path is never used again for other bytes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Nothing in a picture may do anything, whatever a browser takes it for.
const POLICY: &str = "default-src 'none'; sandbox";

pub(crate) fn routes() -> Vec<Route<Services>> {
    vec![
        Route::get("/media/{*path}", Access::Public, "A picture that somebody shows", show)
            .gives_opaque(StatusCode::OK, "image/*"),
    ]
}

/// Whether a list of tags has this one in it, or any (RFC 9110 §13.1.2). What is between two versions makes no difference here.
fn names(list: &HeaderValue, tag: &str) -> bool {
    let mut list = list.to_str().unwrap_or_default().split(',').map(str::trim);
    list.any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

async fn show(
    State(services): State<Services>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = services.media().get(&path).await?;
    let (kind, content) = found.ok_or(Error::NotFound("picture"))?;
    let tag = format!("\"{path}\"");
    let is_known = headers.get_all(IF_NONE_MATCH).iter().any(|known| names(known, &tag));
    let headers = [
        (CONTENT_TYPE, kind.media_type().to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (CACHE_CONTROL, FOR_EVER.to_owned()),
        (ETAG, tag),
    ];
    Ok(if is_known {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, content).into_response()
    })
}
