//! The routes of machines.

use server::{Access, Route};

use super::{create, delete, list};
use crate::services::Services;

pub(crate) fn routes() -> Vec<Route<Services>> {
    let known = Access::Authenticated;
    vec![
        Route::get("/v1/machines", known, "The machines, as a bare array", list::list),
        Route::post("/v1/machines", known, "Finds a machine by its id or makes it", create::create)
            .body_limit(crate::limits::MAX_BODY),
        Route::get("/v1/machines/{id}", known, "One machine", list::show),
        Route::delete("/v1/machines/{id}", known, "Deletes a machine and its access keys", delete::delete),
    ]
}
