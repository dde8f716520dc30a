//! The web app, if there is a folder with one (spec/sync.md §2.12): its files, and the app itself for every address that is one of its
//! own.
//!
//! Whatever is mounted on a longer path goes before it. Files are looked up anew for each request, so a new version is there as soon as
//! it is in the folder.

mod file;
mod page;
mod policy;
mod serve;

use std::path::PathBuf;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Map, Value, json};
use server::{Access, Hosts, Mount, Problem, RequestId, Route};

/// A web app to be served.
#[derive(Clone, Debug)]
pub struct WebApp {
    /// The folder; `index.html` is the app.
    pub dir: PathBuf,
    /// What the app finds in `window.__HAPPY_CONFIG__`: `serverUrl` for one.
    pub config: Map<String, Value>,
}

/// What nobody else has mounted.
pub(crate) fn mount(app: WebApp) -> Mount {
    let app = Arc::new(app);
    Mount { hosts: Hosts::Any, ..Mount::new("/", errors) }.routes(
        &app,
        [
            Route::get("/", Access::Public, "The web app", serve::start),
            Route::get("/{*path}", Access::Public, "A file of the web app, or the app", serve::show),
        ],
    )
}

/// There is nothing but what can be got: methods that do nothing here are no news.
fn errors(problem: &Problem, _: &RequestId) -> Response {
    let (status, message) = match problem.status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => (StatusCode::NOT_FOUND, "Not found"),
        status => (status, &*problem.message),
    };
    (status, axum::Json(json!({ "error": message }))).into_response()
}
