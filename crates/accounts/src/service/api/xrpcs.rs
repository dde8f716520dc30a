//! `/admin/service-entries/{id}/xrpcs`.

use atproto::Nsid;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use server::{Caller, Json, Path, Problem};

use crate::service::Service;

/// Methods by their NSIDs.
#[derive(Deserialize)]
pub(super) struct Methods {
    lexicon_ids: Vec<String>,
}

pub(super) async fn list(
    State(service): State<Service>,
    Path(id): Path<i64>,
) -> Result<Json<Vec<String>>, Problem> {
    Ok(Json(service.entry_xrpcs(id).await?))
}

pub(super) async fn add(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(methods): Json<Methods>,
) -> Result<StatusCode, Problem> {
    service.list_xrpcs(id, methods.parse()?, caller.principal.did()).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn remove(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(methods): Json<Methods>,
) -> Result<StatusCode, Problem> {
    service.unlist_xrpcs(id, methods.parse()?, caller.principal.did()).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Methods {
    fn parse(&self) -> Result<Vec<Nsid>, Problem> {
        let parsed = self.lexicon_ids.iter().map(|id| Nsid::parse(id)).collect::<Result<Vec<_>, _>>();
        parsed.map_err(|error| Problem::bad_request(error.to_string()))
    }
}
