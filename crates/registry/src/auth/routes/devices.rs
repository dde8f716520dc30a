//! `/api/devices`: what somebody has let in.

use atproto::Did;
use axum::extract::State;
use http::StatusCode;
use server::{Caller, Json, Path, Principal, Problem};

use super::super::{Auth, DeviceView};

pub(super) async fn list(State(auth): State<Auth>, caller: Caller) -> Result<Json<Vec<DeviceView>>, Problem> {
    Ok(Json(auth.credentials().devices.list(&owner(&caller)?).await?))
}

pub(super) async fn revoke(
    State(auth): State<Auth>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if auth.credentials().devices.revoke(&owner(&caller)?, &id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::not_found("you have no such device"))
}

/// Whose devices: those of whoever sits at the browser.
fn owner(caller: &Caller) -> Result<Did, Problem> {
    match &caller.principal {
        Principal::BrowserSession { did, .. } => {
            Did::parse(did).map_err(|_| Problem::authentication_required())
        }
        _ => Err(Problem::authentication_required()),
    }
}
