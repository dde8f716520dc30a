//! `POST /admin/jobs/{id}/cancel`, `…/pause`, `…/resume` and `…/retry`.

use axum::extract::State;
use jobs::{Job, JobError};
use server::{Caller, Json, Path, Problem};
use tracing::info;

use super::problem;
use super::view::StatusView;
use crate::admin::{Admin, actor};

type Told = Result<Json<StatusView>, Problem>;

/// Asks the job to stop for good; one that does not run has done so already.
pub(crate) async fn cancel(State(admin): State<Admin>, caller: Caller, Path(id): Path<String>) -> Told {
    told(admin.scripting.jobs.jobs.cancel(&id).await, "cancel", &caller)
}

/// Asks the job to stop until it is resumed.
pub(crate) async fn pause(State(admin): State<Admin>, caller: Caller, Path(id): Path<String>) -> Told {
    told(admin.scripting.jobs.jobs.pause(&id).await, "pause", &caller)
}

/// Lets a paused job begin again.
pub(crate) async fn resume(State(admin): State<Admin>, caller: Caller, Path(id): Path<String>) -> Told {
    told(admin.scripting.jobs.jobs.resume(&id).await, "resume", &caller)
}

/// Lets a job begin again that failed or was cancelled.
pub(crate) async fn retry(State(admin): State<Admin>, caller: Caller, Path(id): Path<String>) -> Told {
    told(admin.scripting.jobs.jobs.retry(&id).await, "retry", &caller)
}

fn told(job: Result<Job, JobError>, what: &str, caller: &Caller) -> Told {
    let job = job.map_err(problem)?;
    info!(id = job.id, status = %job.status, by = actor(caller), "{what} of a job asked for");
    Ok(Json(StatusView::of(&job)))
}
