//! `GET /api/registry/users/{owner}`: somebody's repositories.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Path, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::paging;
use super::stats::StatsView;
use super::views::{CardView, OwnerView};
use super::visit::Visit;
use crate::refusal::Refusal;
use crate::registry::Registry;

#[derive(Deserialize, IntoParams)]
pub(super) struct Asked {
    /// Where the previous page ended.
    cursor: Option<String>,
    /// How many, from 1 to 100. Default: 30.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// Somebody and what is theirs.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryUser)]
pub(super) struct User {
    #[serde(flatten)]
    owner: OwnerView,
    /// In the order of their names.
    repositories: Vec<Counted>,
    /// Whether there may be more, because not all of their repository could be read yet.
    partial: bool,
    /// Where this page ends, if there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

/// A repository and how often it was fetched.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryRepositoryOfUser)]
struct Counted {
    #[serde(flatten)]
    card: CardView,
    stats: StatsView,
}

pub(super) async fn show(
    State(registry): State<Registry>,
    visit: Visit,
    Path(owner): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<User>, Problem> {
    let (after, limit) = (paging::after(asked.cursor.as_deref())?, paging::limit(asked.limit.as_deref())?);
    let owner = registry.owner_named(&owner).await?;
    let partial = registry.load_to_show(&visit.asked, &owner).await?;
    let handle = registry.handle_of(&owner).await?;
    let mut cards = registry.index.of_owner(&owner, after, limit + 1).await.map_err(Refusal::from)?;
    let more = cards.len() > limit as usize;
    cards.truncate(limit as usize);
    let cursor = cards.last().filter(|_| more).map(|card| card.repository.clone());
    let totals = registry.totals_of(&owner).await?;
    let repositories = registry.cards(&visit, cards).await?.into_iter().map(|card| {
        let stats = totals.get(&card.repository).copied().unwrap_or_default().into();
        Counted { card, stats }
    });
    Ok(Json(User {
        repositories: repositories.collect(),
        owner: OwnerView { did: owner.to_string(), handle },
        partial,
        cursor,
    }))
}
