//! Voice: needs keys of two vendors, which this version does not take; the answer is that of a server without them
//! (spec/sync.md §2.11).

use axum::body::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use server::{Access, Json, Route};

use crate::services::Services;
use crate::wire::Owner;

pub(crate) fn routes() -> Vec<Route<Services>> {
    let known = Access::Authenticated;
    vec![
        Route::post("/v1/voice/conversations", known, "A voice conversation: not configured", refuse),
        Route::get("/v1/voice/usage", known, "What voice was used: not configured", refuse),
    ]
}

/// Not a fault of the server, so it is no problem in its log. The body is read to its end: a connection with the rest of one
/// on it is closed, which a client notices only with its next request.
async fn refuse(_: Owner, _: Bytes) -> (StatusCode, Json<Value>) {
    (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "error": "ELEVENLABS_API_KEY not configured" })))
}
