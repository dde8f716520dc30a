//! Where the REST API is described (spec/social.md §3.5): by the server's document, on a page of its web app.

use axum::response::Redirect;
use server::{Access, Route};

use crate::services::Services;

/// Relative to `/social/`, so that it is right whatever is in front of all paths.
const PAGE: &str = "../dashboard/api?group=social";

const DOCUMENT: &str = "../openapi.json";

pub(crate) fn routes() -> Vec<Route<Services>> {
    vec![
        Route::get("/social/docs", Access::Public, "Lead to the pages about this interface", lead_to_page),
        Route::get("/social/scalar", Access::Public, "Lead to the pages about this interface", lead_to_page),
        Route::get(
            "/social/openapi.json",
            Access::Public,
            "Lead to the document about this interface",
            lead_to_document,
        ),
    ]
}

async fn lead_to_page() -> Redirect {
    Redirect::to(PAGE)
}

async fn lead_to_document() -> Redirect {
    Redirect::to(DOCUMENT)
}
