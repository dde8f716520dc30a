//! `/admin/jobs`: background jobs (spec/appview.md §3.13).

mod control;
mod list;
mod logs;
mod problem;
mod show;
mod view;

use http::StatusCode;
use server::Route;

use super::Admin;
use accounts::permissions::{JOBS_MANAGE, JOBS_READ};
use problem::problem;
use view::StatusView;
pub use view::{JobView, LogLineView};

pub(super) fn routes() -> [Route<Admin>; 7] {
    [
        Route::get("/admin/jobs", JOBS_READ, "List background jobs", list::list)
            .operation_id("listJobs")
            .query::<list::Request>()
            .gives::<list::Answer>(StatusCode::OK),
        Route::get("/admin/jobs/{id}", JOBS_READ, "Show a background job", show::show)
            .operation_id("getJob")
            .gives::<JobView>(StatusCode::OK),
        Route::get("/admin/jobs/{id}/logs", JOBS_READ, "Read the log of a background job", logs::logs)
            .operation_id("listJobLogs")
            .query::<logs::Request>()
            .gives::<logs::Answer>(StatusCode::OK),
        Route::post("/admin/jobs/{id}/cancel", JOBS_MANAGE, "Cancel a background job", control::cancel)
            .operation_id("cancelJob")
            .gives::<StatusView>(StatusCode::OK),
        Route::post("/admin/jobs/{id}/pause", JOBS_MANAGE, "Pause a background job", control::pause)
            .operation_id("pauseJob")
            .gives::<StatusView>(StatusCode::OK),
        Route::post("/admin/jobs/{id}/resume", JOBS_MANAGE, "Resume a background job", control::resume)
            .operation_id("resumeJob")
            .gives::<StatusView>(StatusCode::OK),
        Route::post("/admin/jobs/{id}/retry", JOBS_MANAGE, "Try a background job again", control::retry)
            .operation_id("retryJob")
            .gives::<StatusView>(StatusCode::OK),
    ]
}
