//! `/admin/events`: the event log.

mod count;
mod filter;
mod list;
mod problem;
mod purge;

use std::time::Duration;

use http::StatusCode;
use server::Route;

use crate::{
    Accounts,
    permissions::{EVENTS_READ, SETTINGS_MANAGE},
};

pub(super) fn routes() -> Vec<Route<Accounts>> {
    vec![
        Route::get("/admin/events", EVENTS_READ, "Read the event log, newest first", list::list)
            .query::<filter::Params>()
            .query::<list::Paging>()
            .gives::<list::Page>(StatusCode::OK)
            .operation_id("listEvents"),
        Route::get("/admin/events/count", EVENTS_READ, "Count events", count::count)
            .query::<filter::Params>()
            .gives::<count::Count>(StatusCode::OK)
            .operation_id("countEvents"),
        // More than reading: this is how somebody would cover what they did.
        Route::post("/admin/events/purge", SETTINGS_MANAGE, "Delete old events", purge::purge)
            .takes::<purge::Purge>()
            .gives::<purge::Purged>(StatusCode::OK)
            .operation_id("purgeEvents")
            // There may be millions.
            .time_limit(Duration::from_mins(10)),
    ]
}
