//! The routes of sessions.

use server::{Access, Route};

use super::{archive, create, delete, list};
use crate::services::Services;

/// Below `/v1/sessions`.
pub(crate) fn routes() -> Vec<Route<Services>> {
    let known = Access::Authenticated;
    vec![
        Route::get("/v1/sessions", known, "The sessions changed last", list::newest),
        Route::post("/v1/sessions", known, "Finds a session by its tag or makes it", create::create)
            .body_limit(crate::limits::MAX_BODY),
        Route::post("/v1/sessions/{id}/archive", known, "Ends a session", archive::archive),
        Route::delete("/v1/sessions/{id}", known, "Deletes a session with all that is in it", delete::delete),
    ]
}

/// Below `/v2/sessions`.
pub(crate) fn paged_routes() -> Vec<Route<Services>> {
    let known = Access::Authenticated;
    vec![
        Route::get("/v2/sessions", known, "Sessions, newest first, by page", list::page),
        Route::get("/v2/sessions/active", known, "Sessions that showed life lately", list::active),
    ]
}
