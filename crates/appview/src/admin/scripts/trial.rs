//! `POST /admin/scripts/{id}/test`.

use axum::extract::State;
use server::{Json, Path, Problem};

use super::{not_found, problem};
use crate::admin::Admin;
use crate::{Attempt, Report, TrialError};

/// Runs it once, with what it would be given, and without effects.
pub(crate) async fn trial(
    State(admin): State<Admin>,
    Path(id): Path<String>,
    Json(attempt): Json<Attempt>,
) -> Result<Json<Report>, Problem> {
    admin.scripting.trials.test(&id, attempt).await.map(Json).map_err(|error| match error {
        TrialError::Scripts(error) => problem(error),
        TrialError::Records(error) => Problem::internal(error),
        TrialError::NoScript(_) => not_found(),
        TrialError::NoRecord(_) => Problem::not_found(error.to_string()),
        TrialError::Invalid(_) => Problem::bad_request(error.to_string()),
    })
}
