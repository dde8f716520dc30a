//! `/admin/verification-methods`.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Path, Problem, Route};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::moment;
use crate::permissions::SETTINGS_MANAGE;
use crate::service::{Fragment, Service, VerificationMethod};

pub(super) fn routes() -> [Route<Service>; 3] {
    [
        Route::get("/admin/verification-methods", SETTINGS_MANAGE, "List verification methods", list)
            .operation_id("listVerificationMethods")
            .gives_list::<View>(StatusCode::OK),
        Route::post("/admin/verification-methods", SETTINGS_MANAGE, "Make a verification method", add)
            .operation_id("createVerificationMethod")
            .takes::<Add>()
            .gives::<View>(StatusCode::CREATED),
        Route::delete(
            "/admin/verification-methods/{fragment_id}",
            SETTINGS_MANAGE,
            "Remove a verification method",
            remove,
        )
        .operation_id("removeVerificationMethod")
        .gives_nothing(StatusCode::NO_CONTENT),
    ]
}

/// A key as operators see it.
#[derive(Serialize, ToSchema)]
#[schema(as = VerificationMethod)]
struct View {
    id: String,
    fragment_id: String,
    key_type: &'static str,
    public_key_multibase: String,
    #[serde(serialize_with = "moment::serialize")]
    created_at: OffsetDateTime,
}

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewVerificationMethod)]
struct Add {
    fragment_id: String,
}

async fn list(State(service): State<Service>) -> Result<Json<Vec<View>>, Problem> {
    let methods = service.verification_methods().await?;
    Ok(Json(methods.into_iter().map(View::from).collect()))
}

async fn add(
    State(service): State<Service>,
    caller: Caller,
    Json(add): Json<Add>,
) -> Result<(StatusCode, Json<View>), Problem> {
    let fragment = Fragment::key(&add.fragment_id)?;
    let method = service.add_verification_method(fragment, caller.principal.did()).await?;
    Ok((StatusCode::CREATED, Json(method.into())))
}

/// The path has the fragment without its `#`.
async fn remove(
    State(service): State<Service>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    service.remove_verification_method(&name, caller.principal.did()).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<VerificationMethod> for View {
    fn from(method: VerificationMethod) -> Self {
        Self {
            id: method.id,
            fragment_id: method.fragment.to_string(),
            key_type: VerificationMethod::KEY_TYPE,
            public_key_multibase: method.public_key,
            created_at: method.created_at,
        }
    }
}
