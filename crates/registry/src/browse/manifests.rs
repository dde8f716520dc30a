//! `GET /api/registry/repos/manifests`: what was pushed, newest first.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::paging;
use super::views::KindView;
use super::visit::Visit;
use crate::index::Pushed;
use crate::moment;
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

/// A page of manifests, newest first, without those that are about others.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryManifestPage)]
pub(super) struct ManifestPage {
    manifests: Vec<PushedView>,
    /// Whether there may be more, because not all of the owner's repository could be read yet.
    partial: bool,
    /// Where this page ends, if there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

/// A manifest in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegistryManifestSummary)]
pub(super) struct PushedView {
    digest: String,
    media_type: String,
    kind: KindView,
    /// Of what it names, in bytes.
    size: u64,
    /// When its record was written.
    #[schema(format = DateTime)]
    created_at: String,
    /// `linux/amd64`; of an image without an index only if its config is here and may be read.
    platforms: Vec<String>,
    /// The DID of where its layers are.
    #[schema(required)]
    hold: Option<String>,
}

impl From<Pushed> for PushedView {
    fn from(pushed: Pushed) -> Self {
        Self {
            digest: pushed.digest,
            media_type: pushed.media_type,
            kind: pushed.kind.into(),
            size: pushed.size,
            created_at: moment(pushed.created_at),
            platforms: pushed.platforms,
            hold: pushed.hold,
        }
    }
}

pub(super) async fn list(
    State(registry): State<Registry>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Json<ManifestPage>, Problem> {
    let (after, limit) = (paging::place(asked.cursor.as_deref())?, paging::limit(asked.limit.as_deref())?);
    let repository = registry.named(&asked.repository).await?;
    let partial = registry.load_to_show(&visit.asked, &repository.owner).await?;
    let mut rows = registry.index.pushed(&repository, after, limit + 1).await.map_err(Refusal::from)?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    registry.complete_pushed(&visit, rows.iter_mut()).await?;
    let cursor = rows.last().filter(|_| more).map(|row| format!("{}.{}", row.created_at, row.row));
    Ok(Json(ManifestPage { manifests: rows.into_iter().map(PushedView::from).collect(), partial, cursor }))
}
