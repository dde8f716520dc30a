//! `/admin/service-entries`.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Path, Problem, Route};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::moment;
use crate::permissions::SETTINGS_MANAGE;
use crate::service::{EntryChange, Fragment, Service, ServiceEntry};

pub(super) fn routes() -> [Route<Service>; 5] {
    [
        Route::get("/admin/service-entries", SETTINGS_MANAGE, "List service entries", list)
            .operation_id("listServiceEntries")
            .gives_list::<View>(StatusCode::OK),
        Route::post("/admin/service-entries", SETTINGS_MANAGE, "Add a service entry", add)
            .operation_id("addServiceEntry")
            .takes::<Add>()
            .gives::<View>(StatusCode::CREATED),
        Route::put("/admin/service-entries/{id}", SETTINGS_MANAGE, "Change a service entry", change)
            .operation_id("updateServiceEntry")
            .path_parameter::<i64>("id")
            .takes::<Change>()
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::delete("/admin/service-entries/{id}", SETTINGS_MANAGE, "Remove a service entry", remove)
            .operation_id("removeServiceEntry")
            .path_parameter::<i64>("id")
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::get(
            "/admin/lexicons/{id}/services",
            SETTINGS_MANAGE,
            "List the service entries that admit a method",
            admitting,
        )
        .operation_id("listServiceEntriesOfLexicon")
        .gives_list::<View>(StatusCode::OK),
    ]
}

/// An entry as operators see it.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceEntry)]
struct View {
    id: i64,
    fragment_id: String,
    service_type: String,
    access_mode: &'static str,
    #[serde(serialize_with = "moment::serialize")]
    created_at: OffsetDateTime,
    #[serde(serialize_with = "moment::serialize")]
    updated_at: OffsetDateTime,
}

/// A new entry.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewServiceEntry)]
struct Add {
    fragment_id: String,
    service_type: String,
}

/// What is to be different.
#[derive(Deserialize, ToSchema)]
#[schema(as = ServiceEntryChange)]
struct Change {
    fragment_id: Option<String>,
    service_type: Option<String>,
    access_mode: Option<String>,
}

async fn list(State(service): State<Service>) -> Result<Json<Vec<View>>, Problem> {
    let entries = service.entries().await?;
    Ok(Json(entries.into_iter().map(View::from).collect()))
}

/// The entries through which a method may be called.
async fn admitting(
    State(service): State<Service>,
    Path(nsid): Path<String>,
) -> Result<Json<Vec<View>>, Problem> {
    let entries = service.entries_admitting(&nsid).await?;
    Ok(Json(entries.into_iter().map(View::from).collect()))
}

async fn add(
    State(service): State<Service>,
    caller: Caller,
    Json(add): Json<Add>,
) -> Result<(StatusCode, Json<View>), Problem> {
    let fragment = Fragment::service(&add.fragment_id)?;
    let entry = service.add_entry(fragment, &add.service_type, caller.principal.did()).await?;
    Ok((StatusCode::CREATED, Json(entry.into())))
}

async fn change(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(change): Json<Change>,
) -> Result<StatusCode, Problem> {
    let change = EntryChange {
        fragment: change.fragment_id.as_deref().map(Fragment::service).transpose()?,
        service_type: change.service_type,
        access: change.access_mode.as_deref().map(str::parse).transpose()?,
    };
    service.change_entry(id, change, caller.principal.did()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    State(service): State<Service>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    service.remove_entry(id, caller.principal.did()).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<ServiceEntry> for View {
    fn from(entry: ServiceEntry) -> Self {
        Self {
            id: entry.id,
            fragment_id: entry.fragment.to_string(),
            service_type: entry.service_type,
            access_mode: entry.access.name(),
            created_at: entry.created_at,
            updated_at: entry.updated_at,
        }
    }
}
