//! `GET /v1/search`: what `docker search` and `podman search` ask (spec/registry.md §1.2).

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::search::{FARTHEST, question};
use crate::index::Order;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Entries of a page, if the client does not say, and at most.
const DEFAULT: u32 = 25;
const MOST: u32 = 100;

#[derive(Deserialize, IntoParams)]
pub(super) struct Asked {
    /// Words, a handle, or `handle/words`; at most 256 bytes.
    #[serde(default)]
    q: String,
    /// How many, from 1 to 100. Default: 25.
    #[param(value_type = Option<u32>)]
    n: Option<String>,
    /// Which page, from 1 on.
    #[param(value_type = Option<u32>)]
    page: Option<String>,
}

/// A page of what was found.
#[derive(Serialize, ToSchema)]
#[schema(as = DockerSearch)]
pub(super) struct Answer {
    query: String,
    page: u32,
    page_size: u32,
    num_pages: u64,
    num_results: u64,
    results: Vec<Hit>,
}

/// A repository that was found.
#[derive(Serialize, ToSchema)]
#[schema(as = DockerSearchHit)]
struct Hit {
    name: String,
    description: String,
    star_count: u64,
    is_official: bool,
    is_automated: bool,
}

pub(super) async fn search(
    State(registry): State<Registry>,
    Query(asked): Query<Asked>,
) -> Result<Json<Answer>, Problem> {
    // Clients of old are sent what they can use, whatever number they send.
    let number = |text: Option<&str>, default| text.and_then(|text| text.parse().ok()).unwrap_or(default);
    let page_size = number(asked.n.as_deref(), DEFAULT).clamp(1, MOST);
    let page = number(asked.page.as_deref(), 1).clamp(1, FARTHEST / page_size + 1);
    let question = question(&asked.q)?;
    let (offset, order) = ((page - 1) * page_size, Order::Relevance);
    registry.know_owner(&question).await?;
    let mut found =
        registry.index.search(&question, order, offset, page_size).await.map_err(Refusal::from)?;
    registry.name_at_home(&mut found.cards);
    let results = found.cards.into_iter().map(|card| Hit {
        name: card.name(),
        description: card.description.or(card.title).unwrap_or_default(),
        star_count: card.stars,
        is_official: false,
        is_automated: false,
    });
    Ok(Json(Answer {
        results: results.collect(),
        query: asked.q,
        page,
        page_size,
        num_pages: found.total.div_ceil(page_size.into()),
        num_results: found.total,
    }))
}
