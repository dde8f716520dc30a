//! `/admin/service-entries/{id}/xrpcs`.

use atproto::Nsid;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use server::{Caller, Json, Path, Problem, Route};
use utoipa::ToSchema;

use crate::permissions::SETTINGS_MANAGE;
use crate::service::Service;

pub(super) fn routes() -> [Route<Service>; 3] {
    const PATH: &str = "/admin/service-entries/{id}/xrpcs";
    [
        Route::get(PATH, SETTINGS_MANAGE, "List the methods of a service entry", list)
            .operation_id("listServiceEntryMethods")
            .path_parameter::<i64>("id")
            .gives_list::<String>(StatusCode::OK),
        Route::post(PATH, SETTINGS_MANAGE, "Add methods to a service entry", add)
            .operation_id("addServiceEntryMethods")
            .path_parameter::<i64>("id")
            .takes::<Methods>()
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::delete(PATH, SETTINGS_MANAGE, "Remove methods from a service entry", remove)
            .operation_id("removeServiceEntryMethods")
            .path_parameter::<i64>("id")
            .takes::<Methods>()
            .gives_nothing(StatusCode::NO_CONTENT),
    ]
}

/// Methods by their NSIDs.
#[derive(Deserialize, ToSchema)]
struct Methods {
    lexicon_ids: Vec<String>,
}

async fn list(State(service): State<Service>, Path(id): Path<i64>) -> Result<Json<Vec<String>>, Problem> {
    Ok(Json(service.entry_xrpcs(id).await?))
}

async fn add(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(methods): Json<Methods>,
) -> Result<StatusCode, Problem> {
    service.list_xrpcs(id, methods.parse()?, caller.principal.did()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
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
