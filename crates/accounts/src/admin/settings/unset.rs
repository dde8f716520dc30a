//! `DELETE /admin/settings/{key}`.

use axum::extract::State;
use http::StatusCode;
use server::{Path, Problem};

use crate::{Accounts, Actor};

/// The value of the environment or the default holds again.
pub(super) async fn unset(
    State(accounts): State<Accounts>,
    actor: Actor,
    Path(key): Path<String>,
) -> Result<StatusCode, Problem> {
    if accounts.settings.unset(&actor, &key).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("no value was set for this setting"))
    }
}
