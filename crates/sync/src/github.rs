//! GitHub: not connected to in this version, and said so as a server without its keys does (spec/sync.md §2.10).

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::LOCATION;
use serde_json::{Value, json};
use server::{Access, Json, Problem, Route};

use crate::services::Services;
use crate::wire::{Done, Owner};

/// Where the browser goes on after it was sent back from GitHub.
const APP: &str = "https://app.happy.engineering?error=server_config";

pub(crate) fn routes() -> Vec<Route<Services>> {
    let (known, anybody) = (Access::Authenticated, Access::Public);
    vec![
        Route::get("/v1/connect/github/params", known, "Where to allow access on GitHub: nowhere", params),
        Route::get("/v1/connect/github/callback", anybody, "The way back from GitHub", callback),
        Route::post("/v1/connect/github/webhook", anybody, "What GitHub reports: nothing", webhook),
        Route::delete("/v1/connect/github", known, "Disconnects from GitHub", disconnect),
    ]
}

async fn params(_: Owner) -> Result<(), Problem> {
    Err(Problem::bad_request("GitHub OAuth not configured"))
}

async fn callback() -> Response {
    (StatusCode::FOUND, [(LOCATION, APP)]).into_response()
}

/// Reads the body to its end, so that the connection can be used again.
async fn webhook(headers: HeaderMap, _: Bytes) -> Result<(StatusCode, Json<Value>), Problem> {
    for name in ["x-hub-signature-256", "x-github-event"] {
        if !headers.contains_key(name) {
            return Err(Problem::bad_request(format!("headers/{name} is missing")).named("Error"));
        }
    }
    // Not a fault of the server, so it is no problem in its log.
    Ok((StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "error": "Webhooks not configured" }))))
}

async fn disconnect(_: Owner) -> Json<Done> {
    Json(Done::YES)
}
