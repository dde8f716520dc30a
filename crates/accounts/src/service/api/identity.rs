//! `/admin/service-identity`.

use atproto::Did;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Problem};
use time::OffsetDateTime;

use crate::moment;
use crate::service::{Choice, Mode, Service, ServiceError, ServiceIdentity};

/// The identity as operators see it.
#[derive(Serialize)]
pub(super) struct View {
    mode: &'static str,
    did: Option<String>,
    /// Always null: a key never leaves, not even sealed.
    signing_key_enc: Option<()>,
    has_signing_key: bool,
    attached_account_did: Option<String>,
    setup_complete: bool,
    #[serde(serialize_with = "moment::serialize")]
    created_at: OffsetDateTime,
    #[serde(serialize_with = "moment::serialize")]
    updated_at: OffsetDateTime,
}

/// A choice.
#[derive(Deserialize)]
pub(super) struct Put {
    mode: String,
    did: Option<String>,
    signing_key_enc: Option<String>,
    rotation_key_enc: Option<String>,
    attached_account_did: Option<String>,
}

/// The identity; null before it was chosen.
pub(super) async fn show(State(service): State<Service>) -> Result<Json<Option<View>>, Problem> {
    let snapshot = service.snapshot().await?;
    let did = service.dids(&snapshot).first().map(Did::to_string);
    Ok(Json(snapshot.identity.clone().map(|identity| View::new(identity, did))))
}

/// Chooses another identity.
pub(super) async fn put(
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
