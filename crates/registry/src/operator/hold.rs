//! `GET /admin/registry/hold`.

use axum::extract::State;
use blobs::BlobStore;
use serde::Serialize;
use server::{Json, Problem};
use utoipa::ToSchema;

use super::Operator;
use super::collections::RunView;
use crate::moment;
use crate::refusal::Refusal;

/// The hold of this server.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryHold)]
pub(super) struct HoldView {
    did: String,
    /// Where it is reached.
    url: String,
    /// To whom it belongs.
    captain: Person,
    /// Whether anybody may pull.
    is_public: bool,
    /// Whether whoever has an account may push.
    allow_all_crew: bool,
    /// `folder` or `bucket`.
    storage: &'static str,
    /// How much room there is, smallest first. None: everybody has as much as there is.
    tiers: Vec<Tier>,
    /// What everybody's images need together. What several owners need counts for each of them.
    needed: Needed,
    /// What lies there, as the last collection that came to its end left it.
    #[schema(required)]
    stored: Option<Stored>,
    /// Uploads that are open.
    open_uploads: u64,
    /// How often garbage is looked for, in seconds; zero stands for never.
    collects_every: u64,
    /// How long what no image needs is left alone, in seconds.
    grace: u64,
    /// The last collection.
    #[schema(required)]
    collection: Option<RunView>,
}

/// Somebody.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryPerson)]
struct Person {
    did: String,
    #[schema(required)]
    handle: Option<String>,
}

/// A tier.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryTier)]
struct Tier {
    name: String,
    /// In bytes.
    quota: u64,
    /// Whether who has none of their own is in it.
    is_default: bool,
}

/// What is needed.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryNeeded)]
struct Needed {
    owners: u64,
    blobs: u64,
    bytes: u64,
}

/// What lies there.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryStored)]
struct Stored {
    blobs: u64,
    bytes: u64,
    #[schema(format = DateTime)]
    counted_at: String,
}

pub(super) async fn show(State(operator): State<Operator>) -> Result<Json<HoldView>, Problem> {
    let hold = &operator.registry.hold;
    let (captain, tiers, schedule) = (hold.captain(), hold.tiers(), operator.collector.schedule());
    let handle = operator.handles(&[&captain.owner]).await.map_err(Refusal::from)?;
    let total = hold.total().await.map_err(Refusal::from)?;
    let done = hold.last_done().await.map_err(Refusal::from)?;
    let stored = done.map(|run| Stored {
        blobs: run.collected.blobs.saturating_sub(run.collected.garbage),
        bytes: run.collected.bytes.saturating_sub(run.collected.freed),
        counted_at: moment(run.started_at),
    });
    let collection = hold.runs(1).await.map_err(Refusal::from)?.into_iter().next();
    let tier = |(name, quota): (&str, u64)| Tier {
        is_default: tiers.default_tier() == Some(name),
        name: name.to_owned(),
        quota,
    };
    Ok(Json(HoldView {
        did: hold.did().to_string(),
        url: operator.registry.auth.config().base_url.clone(),
        captain: Person { did: captain.owner.to_string(), handle: handle.into_values().next() },
        is_public: captain.is_public,
        allow_all_crew: captain.allow_all_crew,
        storage: match hold.blobs() {
            BlobStore::Folder(_) => "folder",
            BlobStore::Objects(_) => "bucket",
        },
        tiers: tiers.ranked().into_iter().map(tier).collect(),
        needed: Needed { owners: total.owners, blobs: total.blobs, bytes: total.bytes },
        stored,
        open_uploads: hold.open_uploads().await.map_err(Refusal::from)?,
        collects_every: schedule.every.as_secs(),
        grace: schedule.grace.as_secs(),
        collection: collection.map(RunView::from),
    }))
}
