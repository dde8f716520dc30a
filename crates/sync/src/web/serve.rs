//! Answers requests for the web app.

use std::io::ErrorKind;
use std::path::Path as FsPath;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::{Html, IntoResponse, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, HeaderValue, IF_NONE_MATCH, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, StatusCode};
use server::Problem;
use tokio::io::AsyncReadExt;
use tower_http::services::ServeFile;

use super::WebApp;
use super::file::{Found, find, is_immutable};
use super::page::{MAX_BYTES, Page};
use super::policy;

/// For what never changes: a year, which is as good as for ever.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// For what may have changed: to be asked about before it is used.
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

pub(super) async fn start(State(app): State<Arc<WebApp>>, headers: HeaderMap) -> Result<Response, Problem> {
    the_app(&app, &headers).await
}

pub(super) async fn show(
    State(app): State<Arc<WebApp>>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let Ok(Path(path)) = path else { return Err(nothing()) };
    let (dir, wanted) = (app.dir.clone(), path.clone());
    let found = tokio::task::spawn_blocking(move || find(&dir, &wanted)).await;
    match found.map_err(Problem::internal)? {
        Found::File(file) => Ok(a_file(&file, &path, request).await?),
        Found::App => the_app(&app, request.headers()).await,
        Found::Nothing => Err(nothing()),
    }
}

fn nothing() -> Problem {
    Problem::not_found("Not found")
}

/// With its type, its time of change and parts of it, as asked for.
async fn a_file(file: &FsPath, path: &str, request: Request) -> Result<Response, Problem> {
    // It may have gone since it was found.
    let response = ServeFile::new(file).try_call(request).await.map_err(|_| nothing())?;
    let mut response = response.map(axum::body::Body::new);
    if response.status() == StatusCode::NOT_FOUND {
        return Err(nothing());
    }
    let policy = HeaderValue::try_from(policy::of_files()).map_err(Problem::internal)?;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, if is_immutable(path) { FOR_EVER } else { ASK });
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

async fn the_app(app: &WebApp, headers: &HeaderMap) -> Result<Response, Problem> {
    let html = read(&app.dir.join("index.html")).await.map_err(|error| {
        tracing::warn!(%error, dir = %app.dir.display(), "the web app has no index.html that can be read");
        nothing()
    })?;
    let Page { html, policy, tag } = Page::new(&html, &app.config);
    let standing = [
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_SECURITY_POLICY, &policy),
        (ETAG, &tag),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    if is_known(headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, standing).into_response());
    }
    Ok((standing, Html(html)).into_response())
}

/// Whether the client has this version (RFC 9110 §13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let lists = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = lists.flat_map(|list| list.split(',')).map(str::trim);
    tags.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

async fn read(file: &FsPath) -> std::io::Result<String> {
    let mut html = String::new();
    let mut file = tokio::fs::File::open(file).await?.take(MAX_BYTES + 1);
    let bytes = file.read_to_string(&mut html).await?;
    if bytes as u64 > MAX_BYTES {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(html)
}
