//! `/admin/backfill`: jobs that fetch what was written before (spec/appview.md §6).

mod control;
mod details;
mod errors;
mod event;
mod follow;
mod hosts;
mod list;
mod missing;
mod page;
mod problem;
mod repos;
mod retry;
mod start;
mod streams;
mod targets;
mod view;

use std::time::Duration;

use http::StatusCode;
use server::Route;

pub use missing::MissingView;
pub(crate) use streams::{Place, Streams};
pub use view::JobView;

use super::Admin;
use accounts::permissions::{BACKFILL_CREATE, BACKFILL_READ};
use view::StatusView;

/// Room for finding out who five hundred handles are.
const START_TIME_LIMIT: Duration = Duration::from_mins(2);

/// Jobs may have millions of repositories.
const FORGET_TIME_LIMIT: Duration = Duration::from_mins(10);

pub(super) fn routes() -> Vec<Route<Admin>> {
    let mut routes = jobs();
    routes.extend(parts_of_jobs());
    routes
}

fn jobs() -> Vec<Route<Admin>> {
    vec![
        Route::post("/admin/backfill", BACKFILL_CREATE, "Start fetching history", start::start)
            .operation_id("startBackfill")
            .time_limit(START_TIME_LIMIT)
            .takes::<start::Request>()
            .gives::<StatusView>(StatusCode::CREATED),
        Route::get("/admin/backfill/status", BACKFILL_READ, "List backfill jobs", list::list)
            .operation_id("listBackfills")
            .gives_list::<JobView>(StatusCode::OK),
        Route::get(
            "/admin/backfill/missing",
            BACKFILL_READ,
            "List what is missing of the past",
            missing::list,
        )
        .operation_id("listMissingHistory")
        .query::<missing::Request>()
        .gives::<MissingView>(StatusCode::OK),
        Route::get("/admin/backfill/{id}", BACKFILL_READ, "Show a backfill job", list::show)
            .operation_id("getBackfill")
            .gives::<JobView>(StatusCode::OK),
        Route::post("/admin/backfill/{id}/pause", BACKFILL_CREATE, "Pause a backfill job", control::pause)
            .operation_id("pauseBackfill")
            .gives::<StatusView>(StatusCode::OK),
        Route::post("/admin/backfill/{id}/resume", BACKFILL_CREATE, "Resume a backfill job", control::resume)
            .operation_id("resumeBackfill")
            .gives::<StatusView>(StatusCode::OK),
        Route::post("/admin/backfill/{id}/cancel", BACKFILL_CREATE, "Cancel a backfill job", control::cancel)
            .operation_id("cancelBackfill")
            .gives::<StatusView>(StatusCode::OK),
    ]
}

fn parts_of_jobs() -> Vec<Route<Admin>> {
    vec![
        Route::get("/admin/backfill/{id}/repos", BACKFILL_READ, "List repositories of a job", repos::list)
            .operation_id("listBackfillRepos")
            .query::<repos::Request>()
            .gives::<repos::Answer>(StatusCode::OK),
        Route::get("/admin/backfill/{id}/pds-summary", BACKFILL_READ, "List hosts of a job", hosts::list)
            .operation_id("listBackfillHosts")
            .gives::<hosts::Answer>(StatusCode::OK),
        Route::get("/admin/backfill/{id}/events", BACKFILL_READ, "Follow a backfill job", follow::follow)
            .operation_id("followBackfill")
            .gives_opaque(StatusCode::OK, "text/event-stream"),
        Route::get(
            "/admin/backfill/{id}/errors",
            BACKFILL_READ,
            "List what a job could not fetch",
            errors::list,
        )
        .operation_id("listBackfillErrors")
        .query::<errors::Request>()
        .gives::<errors::Answer>(StatusCode::OK),
        Route::post(
            "/admin/backfill/{id}/retry-failed",
            BACKFILL_CREATE,
            "Try again what a job could not fetch",
            retry::retry,
        )
        .operation_id("retryBackfill")
        .gives::<retry::Answer>(StatusCode::OK),
        Route::delete(
            "/admin/backfill/{id}/details",
            BACKFILL_CREATE,
            "Forget the repositories of a job",
            details::delete_of_one,
        )
        .operation_id("deleteBackfillDetails")
        .time_limit(FORGET_TIME_LIMIT)
        .gives_nothing(StatusCode::NO_CONTENT),
        Route::delete(
            "/admin/backfill/details",
            BACKFILL_CREATE,
            "Forget the repositories of all finished jobs",
            details::delete_of_all,
        )
        .operation_id("deleteAllBackfillDetails")
        .time_limit(FORGET_TIME_LIMIT)
        .gives_nothing(StatusCode::NO_CONTENT),
    ]
}
