//! `/admin/labelers` (spec/appview.md §3.13): whom this server listens to.

mod add;
mod change;
mod list;
mod remove;
mod view;

use atproto::Did;
use http::StatusCode;
use server::{Problem, Route};

use super::Admin;
use accounts::permissions::{LABELERS_CREATE, LABELERS_DELETE, LABELERS_READ};
use view::LabelerView;

pub(super) fn routes() -> [Route<Admin>; 4] {
    [
        Route::post("/admin/labelers", LABELERS_CREATE, "Subscribe to a labeler", add::add)
            .operation_id("addLabeler")
            .takes::<add::Request>()
            .gives_nothing(StatusCode::CREATED),
        Route::get("/admin/labelers", LABELERS_READ, "List labelers", list::list)
            .operation_id("listLabelers")
            .gives_list::<LabelerView>(StatusCode::OK),
        Route::patch("/admin/labelers/{did}", LABELERS_CREATE, "Pause or resume a labeler", change::change)
            .operation_id("changeLabeler")
            .takes::<change::Request>()
            .gives::<LabelerView>(StatusCode::OK),
        Route::delete(
            "/admin/labelers/{did}",
            LABELERS_DELETE,
            "Unsubscribe from a labeler and drop its labels",
            remove::remove,
        )
        .operation_id("removeLabeler")
        .gives_nothing(StatusCode::NO_CONTENT),
    ]
}

fn did(text: &str) -> Result<Did, Problem> {
    Did::parse(text).map_err(|error| Problem::bad_request(format!("did: {error}")))
}

fn not_found() -> Problem {
    Problem::not_found("labeler not found")
}
