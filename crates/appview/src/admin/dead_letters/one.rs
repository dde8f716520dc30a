//! `/admin/dead-letters/{id}`.

use ::scripts::Retried;
use axum::extract::State;
use server::{Json, Path, Problem};

use super::Done;
use super::view::DeadLetterView;
use crate::RetryError;
use crate::admin::{Admin, scripts::problem};

/// One dead letter with its record.
pub(crate) async fn show(
    State(admin): State<Admin>,
    Path(id): Path<String>,
) -> Result<Json<DeadLetterView>, Problem> {
    let letter = admin.scripting.dead_letters.get(number(&id)?).await.map_err(problem)?;
    letter.map(|letter| Json(DeadLetterView::alone(letter))).ok_or_else(not_found)
}

/// Nothing is done about it any more.
pub(crate) async fn dismiss(
    State(admin): State<Admin>,
    Path(id): Path<String>,
) -> Result<Json<Done>, Problem> {
    let dismissed = admin.scripting.dead_letters.dismiss(number(&id)?).await.map_err(problem)?;
    if dismissed { Ok(Json(Done { ok: true })) } else { Err(not_found()) }
}

/// Runs the script of today with what was kept, and carries out what it decides.
pub(crate) async fn retry(State(admin): State<Admin>, Path(id): Path<String>) -> Result<Json<Done>, Problem> {
    answer(admin.scripting.retries.retry(number(&id)?).await)
}

/// Takes the record in anew, as it is at its author's PDS now, through the script of today.
pub(crate) async fn reindex(
    State(admin): State<Admin>,
    Path(id): Path<String>,
) -> Result<Json<Done>, Problem> {
    answer(admin.scripting.retries.reindex(number(&id)?).await)
}

fn answer(tried: Result<Retried, RetryError>) -> Result<Json<Done>, Problem> {
    match tried.map_err(refused)? {
        Retried::Resolved => Ok(Json(Done { ok: true })),
        Retried::Failed(error) => Err(Problem::bad_request(format!("the script failed again: {error}"))),
        Retried::Gone => Err(not_found()),
    }
}

/// The operator's mistakes and other servers' failures with the reason, ours without.
pub(super) fn refused(error: RetryError) -> Problem {
    match error {
        RetryError::Scripts(error) => problem(error),
        RetryError::Label => Problem::bad_request(error.to_string()),
        RetryError::Source(_) => Problem::bad_gateway(error.to_string()),
    }
}

fn number(id: &str) -> Result<i64, Problem> {
    id.parse().map_err(|_| not_found())
}

fn not_found() -> Problem {
    Problem::not_found("dead letter not found")
}
