//! `/api/registry/stars`: what whoever is signed in likes. A star is a record of theirs.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::named::Named;
use super::paging;
use super::visit::Visit;
use crate::lexicon::{self, star_record, star_rkey};
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Whether somebody likes a repository, and how many do.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryStar)]
pub(super) struct StarView {
    starred: bool,
    stars: u64,
}

#[derive(Deserialize, IntoParams)]
pub(super) struct Asked {
    /// Where the previous page ended.
    cursor: Option<String>,
    /// How many, from 1 to 100. Default: 30.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// A page of what somebody likes.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryStarPage)]
pub(super) struct StarPage {
    /// Whole names of repositories.
    repositories: Vec<String>,
    /// Where this page ends, if there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

pub(super) async fn list(
    State(registry): State<Registry>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Json<StarPage>, Problem> {
    let (viewer, limit) = (visit.viewer()?, paging::limit(asked.limit.as_deref())?);
    let after = i64::from(paging::offset(asked.cursor.as_deref(), u32::MAX)?);
    registry.load_collection(&visit.asked, viewer, &lexicon::star_collection()).await?;
    let mut stars = registry.index.stars_of(viewer, after, limit + 1).await.map_err(Refusal::from)?;
    let more = stars.len() > limit as usize;
    stars.truncate(limit as usize);
    let dids: Vec<_> = stars.iter().map(|(_, owner, _)| owner.clone()).collect();
    let handles = registry.index.handles(&dids).await.map_err(Refusal::from)?;
    let name = |owner: &str| {
        let known = handles.iter().find(|known| known.did == owner);
        known.map_or_else(|| owner.replacen(':', "-", 2), |known| known.handle.clone())
    };
    let cursor = stars.last().filter(|_| more).map(|(row, ..)| row.to_string());
    let repositories = stars.iter().map(|(_, owner, repository)| format!("{}/{repository}", name(owner)));
    Ok(Json(StarPage { repositories: repositories.collect(), cursor }))
}

pub(super) async fn give(
    State(registry): State<Registry>,
    visit: Visit,
    Query(named): Query<Named>,
) -> Result<Json<StarView>, Problem> {
    let viewer = visit.viewer()?;
    let repository = registry.named(&named.repository).await?;
    registry.load_to_show(&visit.asked, &repository.owner).await?;
    let face = registry.face(&visit, &repository).await?;
    if !face.is_starred {
        let author = registry.author(viewer).await?;
        let rkey = star_rkey(&repository.owner, &repository.name);
        let record = star_record(&repository, &crate::now());
        registry.put(&author, lexicon::star_collection(), rkey, record).await?;
    }
    let stars = registry.index.stars(&repository).await.map_err(Refusal::from)?;
    Ok(Json(StarView { starred: true, stars }))
}

pub(super) async fn take_back(
    State(registry): State<Registry>,
    visit: Visit,
    Query(named): Query<Named>,
) -> Result<Json<StarView>, Problem> {
    let viewer = visit.viewer()?;
    let repository = registry.named(&named.repository).await?;
    let collection = lexicon::star_collection();
    registry.load_collection(&visit.asked, viewer, &collection).await?;
    let rkeys = registry.index.star_rkeys(viewer, &repository).await.map_err(Refusal::from)?;
    if !rkeys.is_empty() {
        let author = registry.author(viewer).await?;
        registry.delete_all(&author, &collection, rkeys).await?;
    }
    let stars = registry.index.stars(&repository).await.map_err(Refusal::from)?;
    Ok(Json(StarView { starred: false, stars }))
}
