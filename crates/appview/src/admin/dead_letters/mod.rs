//! `/admin/dead-letters` (spec/appview.md §3.13): events whose script failed for good.

mod bulk;
mod count;
mod list;
mod one;
mod view;

use ::scripts::Filter;
use http::StatusCode;
use serde::Serialize;
use server::Route;
use utoipa::ToSchema;

use super::Admin;
use accounts::permissions::{DEAD_LETTERS_MANAGE, DEAD_LETTERS_READ};
pub use view::DeadLetterView;

/// It is done.
#[derive(Serialize, ToSchema)]
pub(super) struct Done {
    ok: bool,
}

pub(super) fn routes() -> [Route<Admin>; 9] {
    [
        Route::get("/admin/dead-letters", DEAD_LETTERS_READ, "List dead letters", list::list)
            .operation_id("listDeadLetters")
            .query::<list::Request>()
            .gives::<list::Answer>(StatusCode::OK),
        Route::get("/admin/dead-letters/count", DEAD_LETTERS_READ, "Count dead letters", count::count)
            .operation_id("countDeadLetters")
            .query::<count::Request>()
            .gives::<count::Answer>(StatusCode::OK),
        Route::get("/admin/dead-letters/{id}", DEAD_LETTERS_READ, "Show a dead letter", one::show)
            .operation_id("getDeadLetter")
            .gives::<DeadLetterView>(StatusCode::OK),
        Route::post(
            "/admin/dead-letters/{id}/dismiss",
            DEAD_LETTERS_MANAGE,
            "Dismiss a dead letter",
            one::dismiss,
        )
        .operation_id("dismissDeadLetter")
        .gives::<Done>(StatusCode::OK),
        Route::post("/admin/dead-letters/{id}/retry", DEAD_LETTERS_MANAGE, "Retry a dead letter", one::retry)
            .operation_id("retryDeadLetter")
            .gives::<Done>(StatusCode::OK),
        Route::post(
            "/admin/dead-letters/{id}/reindex",
            DEAD_LETTERS_MANAGE,
            "Reindex the record of a dead letter",
            one::reindex,
        )
        .operation_id("reindexDeadLetter")
        .gives::<Done>(StatusCode::OK),
        Route::post(
            "/admin/dead-letters/bulk/dismiss",
            DEAD_LETTERS_MANAGE,
            "Dismiss dead letters",
            bulk::dismiss,
        )
        .operation_id("dismissDeadLetters")
        .time_limit(bulk::TIME_LIMIT)
        .takes::<bulk::Request>()
        .gives::<Done>(StatusCode::OK),
        Route::post("/admin/dead-letters/bulk/retry", DEAD_LETTERS_MANAGE, "Retry dead letters", bulk::retry)
            .operation_id("retryDeadLetters")
            .time_limit(bulk::TIME_LIMIT)
            .takes::<bulk::Request>()
            .gives::<Done>(StatusCode::OK),
        Route::post(
            "/admin/dead-letters/bulk/reindex",
            DEAD_LETTERS_MANAGE,
            "Reindex the records of dead letters",
            bulk::reindex,
        )
        .operation_id("reindexDeadLetters")
        .time_limit(bulk::TIME_LIMIT)
        .takes::<bulk::Request>()
        .gives::<Done>(StatusCode::OK),
    ]
}

/// `resolved` is true or false, which is the default; anything else means both.
fn filter(collection: Option<String>, resolved: Option<&str>) -> Filter {
    let resolved = match resolved {
        None | Some("false") => Some(false),
        Some("true") => Some(true),
        Some(_) => None,
    };
    Filter { collection, resolved }
}
