//! `/api/registry/data`: what this server keeps of somebody besides their own records, to take away and to have forgotten.

use std::collections::BTreeMap;

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::settings::Used;
use super::stats::StatsView;
use super::visit::Visit;
use crate::auth::DeviceView;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::{depart, moment};

/// What is kept of somebody.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryData)]
pub(super) struct Data {
    did: String,
    #[schema(format = DateTime)]
    exported_at: String,
    /// Devices that they have let in.
    #[schema(value_type = Vec<Object>)]
    devices: Vec<DeviceView>,
    /// What they have in the hold of this server.
    hold: Used,
    /// How often their repositories were fetched and sent, by name.
    stats: BTreeMap<String, StatsView>,
    /// Where their records are, which are theirs and not part of this: a repository of the AT Protocol.
    repository: String,
}

/// That it is meant.
#[derive(Deserialize, IntoParams)]
pub(super) struct Confirmed {
    /// The DID of whoever is signed in.
    confirm: String,
}

pub(super) async fn export(State(registry): State<Registry>, visit: Visit) -> Result<Json<Data>, Problem> {
    let viewer = visit.viewer()?;
    let totals = registry.totals_of(viewer).await?;
    Ok(Json(Data {
        did: viewer.to_string(),
        exported_at: moment(clock::now_micros()),
        devices: registry.auth.devices_of(viewer).await?,
        hold: registry.used(viewer).await?,
        stats: totals.into_iter().map(|(name, totals)| (name, totals.into())).collect(),
        repository: format!("at://{viewer}"),
    }))
}

/// Forgets all of it. Layers that only they needed are garbage from then on, so their images cannot be pulled any more.
pub(super) async fn forget(
    State(registry): State<Registry>,
    visit: Visit,
    Query(confirmed): Query<Confirmed>,
) -> Result<StatusCode, Problem> {
    let viewer = visit.viewer()?;
    if confirmed.confirm != viewer.as_str() {
        return Err(Problem::bad_request("`confirm` is not the DID that you are signed in with"));
    }
    if registry.hold.captain().owner == *viewer {
        return Err(Problem::conflict(
            "the hold of this server belongs to you: set another HOLD_OWNER first",
        ));
    }
    depart(&registry.browse.state, viewer).await.map_err(Refusal::from)?;
    registry.hold.clear(viewer).await.map_err(Refusal::from)?;
    Ok(StatusCode::NO_CONTENT)
}
