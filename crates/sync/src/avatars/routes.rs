//! `/files`: what anybody may read (spec/sync.md §2.12).

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use server::{Access, Problem, Route};

use super::avatar::account_of;
use super::kind::Kind;
use super::read;
use crate::services::Services;
use crate::wire::Rest;

/// A path is never used again for other bytes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub(crate) fn routes() -> Vec<Route<Services>> {
    vec![Route::get("/files/{*path}", Access::Public, "A picture that somebody shows", show)]
}

async fn show(State(services): State<Services>, Rest(path): Rest) -> Result<Response, Problem> {
    if path.split(['/', '\\']).any(|part| part == "..") {
        return Ok(text(StatusCode::FORBIDDEN, "Forbidden"));
    }
    let nothing = || text(StatusCode::NOT_FOUND, "Not found");
    let Some(account) = account_of(&path).map(str::to_owned) else { return Ok(nothing()) };
    let found = read(services.relay.state(), services.bucket.as_ref(), account, Some(path)).await?;
    let Some((path, content)) = found else { return Ok(nothing()) };
    let kind = Kind::of_path(&path).content_type();
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, FOR_EVER), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    Ok((headers, content).into_response())
}

fn text(status: StatusCode, words: &'static str) -> Response {
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response()
}
