//! `GET /api/registry/repos/tags`, and the owner's way to remove one.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::manifests::PushedView;
use super::paging;
use super::visit::Visit;
use crate::refusal::Refusal;
use crate::registry::Registry;

#[derive(Deserialize, IntoParams)]
pub(super) struct Asked {
    /// The whole name, as container clients write it: `alice.example.com/team/app`.
    repository: String,
    /// Where the previous page ended.
    cursor: Option<String>,
    /// How many, from 1 to 100. Default: 30.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// A page of tags, in the order of their names.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryTagPage)]
pub(super) struct TagPage {
    tags: Vec<TagView>,
    /// Whether there may be more, because not all of the owner's repository could be read yet.
    partial: bool,
    /// Where this page ends, if there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

/// A tag and what it is a tag of.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryTag)]
struct TagView {
    name: String,
    #[serde(flatten)]
    manifest: PushedView,
}

pub(super) async fn list(
    State(registry): State<Registry>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Json<TagPage>, Problem> {
    let (after, limit) = (paging::after(asked.cursor.as_deref())?, paging::limit(asked.limit.as_deref())?);
    let repository = registry.named(&asked.repository).await?;
    let partial = registry.load_to_show(&visit.asked, &repository.owner).await?;
    let listed = registry.index.tag_rows(&repository, after, limit).await;
    let (mut rows, more) = listed.map_err(Refusal::from)?;
    registry.complete_pushed(&visit, rows.iter_mut().map(|row| &mut row.manifest)).await?;
    let cursor = rows.last().filter(|_| more).map(|row| row.tag.clone());
    let tags = rows.into_iter().map(|row| TagView { name: row.tag, manifest: row.manifest.into() });
    Ok(Json(TagPage { tags: tags.collect(), partial, cursor }))
}
