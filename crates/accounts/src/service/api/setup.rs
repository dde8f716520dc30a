//! The setup wizard (spec/appview.md §3.11).

use atproto::Did;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, SET_COOKIE},
};
use serde::{Deserialize, Serialize};
use server::{Access, Caller, Json, Principal, Problem, Query, Route};
use utoipa::{IntoParams, ToSchema};

use super::{identity::choice, sync::Token};
use crate::{
    permissions::SETTINGS_MANAGE,
    service::{Mode, Service, ServiceError},
};

pub(super) fn routes() -> Vec<Route<Service>> {
    vec![
        Route::get("/api/setup/status", Access::Authenticated, "Show how far the setup is", status)
            .operation_id("getSetupStatus")
            .gives::<Status>(StatusCode::OK),
        Route::post("/api/setup/identity", SETTINGS_MANAGE, "Choose the service identity", choose)
            .operation_id("chooseSetupIdentity")
            .takes::<Chosen>()
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::post("/api/setup/plc/register", SETTINGS_MANAGE, "Register a did:plc", register)
            .operation_id("registerSetupDid")
            .gives::<Registered>(StatusCode::OK),
        Route::post("/api/setup/plc/request", SETTINGS_MANAGE, "Have a PLC token mailed", request)
            .operation_id("requestSetupPlcToken")
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::post("/api/setup/plc/submit", SETTINGS_MANAGE, "Attach the account with a PLC token", submit)
            .operation_id("submitSetupPlcToken")
            .takes::<Token>()
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::post("/api/setup/complete", SETTINGS_MANAGE, "Declare the setup complete", complete)
            .operation_id("completeSetup")
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::get("/api/setup/rotation-key", SETTINGS_MANAGE, "Download the rotation key", rotation_key)
            .operation_id("downloadRotationKey")
            .gives_opaque(StatusCode::OK, "application/octet-stream"),
        Route::get("/api/setup/resolve", SETTINGS_MANAGE, "Find an account", resolve)
            .operation_id("findAccount")
            .query::<Search>()
            .gives_list::<Found>(StatusCode::OK),
        Route::post(
            "/api/setup/attach-auth/confirm",
            Access::Authenticated,
            "Return to the operator's session",
            confirm,
        )
        .operation_id("confirmAttachedAccount")
        .takes::<Confirm>()
        .gives_nothing(StatusCode::NO_CONTENT),
    ]
}

/// How far the setup is.
#[derive(Serialize, ToSchema)]
#[schema(as = SetupStatus)]
struct Status {
    #[schema(required)]
    identity_mode: Option<&'static str>,
    identity_configured: bool,
    plc_verified: bool,
    setup_complete: bool,
}

async fn status(State(service): State<Service>) -> Result<Json<Status>, Problem> {
    let status = service.setup_status().await?;
    Ok(Json(Status {
        identity_mode: status.mode.map(Mode::name),
        identity_configured: status.mode.is_some(),
        plc_verified: status.plc_verified,
        setup_complete: status.complete,
    }))
}

/// What the server is to be known as.
#[derive(Deserialize, ToSchema)]
#[schema(as = SetupIdentity)]
struct Chosen {
    mode: String,
    attached_account_did: Option<String>,
}

/// With an account to attach, the browser also gets its way back to the operator.
async fn choose(
    State(service): State<Service>,
    caller: Caller,
    Json(chosen): Json<Chosen>,
) -> Result<Response, Problem> {
    let choice = choice(&chosen.mode, chosen.attached_account_did.as_deref())?;
    let attaches = choice.mode() == Mode::AttachAccount;
    service.choose(choice, caller.principal.did()).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    // Only in person: a key, a token or an app of the operator must not become the operator on the way back.
    if let (true, Principal::BrowserSession { did, client_key: None, .. }) = (attaches, &caller.principal) {
        response.headers_mut().append(SET_COOKIE, service.way_back(did).await?);
    }
    Ok(response)
}

/// The DID that was registered.
#[derive(Serialize, ToSchema)]
#[schema(as = RegisteredDid)]
struct Registered {
    did: String,
}

async fn register(State(service): State<Service>, caller: Caller) -> Result<Json<Registered>, Problem> {
    service.check_in_setup().await?;
    let did = service.register(caller.principal.did()).await?;
    Ok(Json(Registered { did: did.to_string() }))
}

async fn request(State(service): State<Service>) -> Result<StatusCode, Problem> {
    service.check_in_setup().await?;
    service.request_plc_token().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn submit(
    State(service): State<Service>,
    caller: Caller,
    Json(Token { token }): Json<Token>,
) -> Result<StatusCode, Problem> {
    service.check_in_setup().await?;
    service.sync_attached(&token, caller.principal.did()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn complete(State(service): State<Service>, caller: Caller) -> Result<StatusCode, Problem> {
    service.complete_setup(caller.principal.did()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A page of another site must not be able to use up the one download.
async fn rotation_key(State(service): State<Service>, headers: HeaderMap) -> Result<Response, Problem> {
    if headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return Err(Problem::forbidden("open this from the dashboard"));
    }
    let key = service.take_rotation_key().await?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (CONTENT_DISPOSITION, HeaderValue::from_static(r#"attachment; filename="rotation-key.bin""#)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, key).into_response())
}

#[derive(Deserialize, IntoParams)]
struct Search {
    /// A handle or a DID.
    q: String,
}

/// An account of the network.
#[derive(Serialize, ToSchema)]
#[schema(as = FoundAccount)]
struct Found {
    did: String,
    handle: String,
    #[schema(required)]
    display_name: Option<String>,
    #[schema(required)]
    avatar: Option<String>,
}

async fn resolve(
    State(service): State<Service>,
    Query(Search { q }): Query<Search>,
) -> Result<Json<Vec<Found>>, Problem> {
    let found = service.profile(&q).await.map(|profile| Found {
        did: profile.did,
        handle: profile.handle,
        display_name: profile.display_name,
        avatar: profile.avatar.map(Into::into),
    });
    Ok(Json(found.into_iter().collect()))
}

/// Who the operator is.
#[derive(Deserialize, ToSchema)]
#[schema(as = OperatorReturn)]
struct Confirm {
    original_did: String,
}

async fn confirm(
    State(service): State<Service>,
    caller: Caller,
    headers: HeaderMap,
    Json(Confirm { original_did }): Json<Confirm>,
) -> Result<Response, Problem> {
    let operator = Did::parse(&original_did).map_err(|_| ServiceError::NoWayBack)?;
    let session = service.return_to(&operator, &caller, &headers).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, session.set_cookie)]).into_response())
}
