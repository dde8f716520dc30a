//! `/api/registry/settings`: what somebody has set for themselves, in a record of their own, and what they use.

use atproto::Did;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Json, Problem};
use utoipa::ToSchema;

use super::visit::Visit;
use crate::lexicon::{self, changed_profile};
use crate::profile::own_key;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// What somebody has set, and what they use.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistrySettings)]
pub(super) struct Settings {
    did: String,
    /// The DID of the hold that their layers go to; null stands for the one of this server.
    #[schema(required)]
    default_hold: Option<String>,
    /// Whether manifests go with their last tag.
    auto_remove_untagged: bool,
    /// Where they have layers.
    holds: Vec<Used>,
}

/// What somebody has in a hold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegistryHoldUsage)]
pub(super) struct Used {
    did: String,
    /// Whether it is the one of this server.
    here: bool,
    /// Distinct blobs.
    blobs: u64,
    /// What they come to.
    bytes: u64,
    /// How much it may be; null where there is no limit.
    #[schema(required)]
    limit: Option<u64>,
}

/// What is set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegistrySettingsEdit)]
pub(super) struct Edit {
    /// The DID of a hold; null stands for the one of this server.
    #[schema(required)]
    default_hold: Option<String>,
    auto_remove_untagged: bool,
}

pub(super) async fn show(State(registry): State<Registry>, visit: Visit) -> Result<Json<Settings>, Problem> {
    let viewer = visit.viewer()?;
    let set = registry.profiles.shown(viewer, visit.asked.asker()).await?;
    Ok(Json(Settings {
        did: viewer.to_string(),
        default_hold: set.default_hold.map(|hold| hold.to_string()),
        auto_remove_untagged: set.auto_remove_untagged,
        holds: vec![registry.used(viewer).await?],
    }))
}

pub(super) async fn put(
    State(registry): State<Registry>,
    visit: Visit,
    Json(edit): Json<Edit>,
) -> Result<StatusCode, Problem> {
    let viewer = visit.viewer()?;
    let hold = edit.default_hold.as_deref().map(Did::parse).transpose();
    let hold = hold.map_err(|_| Problem::bad_request("`default_hold` is no DID"))?;
    let author = registry.author(viewer).await?;
    let _turn = registry.turns.of(viewer).await?;
    let (collection, rkey) = (lexicon::profile_collection(), own_key());
    let before = registry.load_record(&visit.asked, viewer, &collection, &rkey).await?;
    let before = before.as_ref().map(|record| &*record.json);
    let record = changed_profile(before, hold.as_ref(), edit.auto_remove_untagged, &crate::now());
    registry.put(&author, collection, rkey, record).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Registry {
    /// What somebody has in the hold of this server.
    pub(super) async fn used(&self, who: &Did) -> Result<Used, Problem> {
        let usage = self.hold.usage(who).await.map_err(Refusal::from)?;
        let hold::Usage { blobs, bytes, limit } = usage;
        Ok(Used { did: self.hold.did().to_string(), here: true, blobs, bytes, limit })
    }
}
