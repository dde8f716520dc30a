//! `/admin/settings/xrpc-proxy`: which calls are passed on (spec/appview.md §8.6).

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Route};
use utoipa::ToSchema;

use crate::{
    Accounts, Actor,
    permissions::SETTINGS_MANAGE,
    settings::{ProxyMode, ProxyPolicy},
};

/// The rule for methods that are not served here. A field that this server does not know is refused, not ignored: it may
/// have been meant to forbid something.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = XrpcProxyPolicy)]
pub(crate) struct Policy {
    mode: ProxyMode,
    /// NSIDs, or prefixes such as `app.bsky.*`.
    #[serde(default)]
    nsids: Vec<String>,
}

pub(super) fn routes() -> Vec<Route<Accounts>> {
    const PATH: &str = "/admin/settings/xrpc-proxy";
    vec![
        Route::get(PATH, SETTINGS_MANAGE, "Show which calls are passed on", show)
            .gives::<Policy>(StatusCode::OK)
            .operation_id("getXrpcProxy"),
        Route::put(PATH, SETTINGS_MANAGE, "Choose which calls are passed on", put)
            .takes::<Policy>()
            .gives_nothing(StatusCode::NO_CONTENT)
            .operation_id("setXrpcProxy"),
    ]
}

async fn show(State(accounts): State<Accounts>) -> Json<Policy> {
    let ProxyPolicy { mode, nsids } = &accounts.settings.current().proxy_policy;
    Json(Policy { mode: *mode, nsids: nsids.iter().map(ToString::to_string).collect() })
}

async fn put(
    State(accounts): State<Accounts>,
    actor: Actor,
    Json(Policy { mode, nsids }): Json<Policy>,
) -> Result<StatusCode, Problem> {
    let policy = ProxyPolicy::new(mode, &nsids)?;
    accounts.settings.set_proxy_policy(&actor, &policy).await?;
    Ok(StatusCode::NO_CONTENT)
}
