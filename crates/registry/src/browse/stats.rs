//! `GET /api/registry/repos/stats`: how often a repository was fetched, sent and liked.

use axum::extract::State;
use serde::Serialize;
use server::{Json, Problem, Query};
use utoipa::ToSchema;

use super::named::Named;
use crate::moment;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::totals::Totals;

/// Counts of a repository.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegistryStats)]
pub(super) struct StatsView {
    /// Downloads of manifests, of one client and manifest at most once a minute.
    pulls: u64,
    /// Uploads of manifests.
    pushes: u64,
    #[schema(required, format = DateTime)]
    last_pull: Option<String>,
    #[schema(required, format = DateTime)]
    last_push: Option<String>,
    /// Whether somebody who has counted, too, could not be asked.
    partial: bool,
}

/// The same and how many like it.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryStatsAndStars)]
pub(super) struct Answer {
    #[serde(flatten)]
    stats: StatsView,
    stars: u64,
}

impl From<Totals> for StatsView {
    fn from(totals: Totals) -> Self {
        Self {
            pulls: totals.pulls,
            pushes: totals.pushes,
            last_pull: totals.last_pull.map(moment),
            last_push: totals.last_push.map(moment),
            partial: totals.partial,
        }
    }
}

/// Of a repository that there is not, all is zero.
pub(super) async fn show(
    State(registry): State<Registry>,
    Query(named): Query<Named>,
) -> Result<Json<Answer>, Problem> {
    let repository = registry.named(&named.repository).await?;
    let counted = registry.totals(&repository).await?;
    let stars = registry.index.stars(&repository).await.map_err(Refusal::from)?;
    Ok(Json(Answer { stats: counted.into(), stars }))
}
