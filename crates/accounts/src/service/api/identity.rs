//! `/admin/service-identity`.

use atproto::Did;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Problem, Route};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::moment;
use crate::permissions::SETTINGS_MANAGE;
use crate::service::{Choice, Mode, Service, ServiceError, ServiceIdentity};

pub(super) fn routes() -> [Route<Service>; 2] {
    [
        Route::get("/admin/service-identity", SETTINGS_MANAGE, "Show the service identity", show)
            .operation_id("getServiceIdentity")
            .gives_or_null::<View>(StatusCode::OK),
        Route::put("/admin/service-identity", SETTINGS_MANAGE, "Choose the service identity", put)
            .operation_id("putServiceIdentity")
            .takes::<Put>()
            .gives_nothing(StatusCode::NO_CONTENT),
    ]
}

/// The identity as operators see it.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceIdentity)]
struct View {
    mode: &'static str,
    #[schema(required)]
    did: Option<String>,
    /// Always null: a key never leaves, not even sealed.
    #[schema(value_type = Option<String>, required)]
    signing_key_enc: Option<()>,
    has_signing_key: bool,
    #[schema(required)]
    attached_account_did: Option<String>,
    setup_complete: bool,
    #[serde(serialize_with = "moment::serialize")]
    created_at: OffsetDateTime,
    #[serde(serialize_with = "moment::serialize")]
    updated_at: OffsetDateTime,
}

/// A choice.
#[derive(Deserialize, ToSchema)]
#[schema(as = ServiceIdentityChoice)]
struct Put {
    mode: String,
    did: Option<String>,
    /// Refused: this server makes its keys itself.
    signing_key_enc: Option<String>,
    /// Refused: this server makes its keys itself.
    rotation_key_enc: Option<String>,
    attached_account_did: Option<String>,
}

/// The identity; null before it was chosen.
async fn show(State(service): State<Service>) -> Result<Json<Option<View>>, Problem> {
    let snapshot = service.snapshot().await?;
    let did = service.dids(&snapshot).first().map(Did::to_string);
    Ok(Json(snapshot.identity.clone().map(|identity| View::new(identity, did))))
}

/// Chooses another identity.
async fn put(
    State(service): State<Service>,
    caller: Caller,
    Json(put): Json<Put>,
) -> Result<StatusCode, Problem> {
    if put.signing_key_enc.is_some() || put.rotation_key_enc.is_some() {
        return Err(ServiceError::NotChosenHere("keys are made by this server; leave them out").into());
    }
    let choice = choice(&put.mode, put.attached_account_did.as_deref())?;
    service.check_did(&choice, put.did.as_deref()).await?;
    service.change_mode(choice, caller.principal.did()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The choice in a request.
pub(super) fn choice(mode: &str, account: Option<&str>) -> Result<Choice, ServiceError> {
    let mode: Mode = mode.parse()?;
    let account = account.map(Did::parse).transpose();
    Choice::new(mode, account.map_err(|_| ServiceError::Account("`attached_account_did` is not a DID"))?)
}

impl View {
    fn new(identity: ServiceIdentity, did: Option<String>) -> Self {
        Self {
            mode: identity.mode.name(),
            did,
            signing_key_enc: None,
            has_signing_key: identity.signing_key.is_some(),
            attached_account_did: identity.attached_account.map(|did| did.to_string()),
            setup_complete: identity.setup_complete,
            created_at: identity.created_at,
            updated_at: identity.updated_at,
        }
    }
}
