//! `GET /api/registry/repos/referrers`: signatures, lists of contents, and what else is about a manifest.

use std::collections::BTreeMap;

use axum::extract::State;
use oci::{Annotations, Digest, Limits, Manifest};
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::paging;
use super::visit::Visit;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Bytes of annotations that are told.
const MAX_ANNOTATIONS: usize = 64 << 10;

#[derive(Deserialize, IntoParams)]
pub(super) struct Asked {
    /// The whole name, as container clients write it: `alice.example.com/team/app`.
    repository: String,
    /// The digest of what they are about.
    digest: String,
    /// Where the previous page ended.
    cursor: Option<String>,
    /// How many, from 1 to 100. Default: 30.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// A page of manifests that are about another one, in the order of their digests.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryReferrerPage)]
pub(super) struct ReferrerPage {
    referrers: Vec<ReferrerView>,
    /// Where this page ends, if there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

/// A manifest that is about another one.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryReferrer)]
struct ReferrerView {
    digest: String,
    media_type: String,
    #[schema(required)]
    artifact_type: Option<String>,
    /// Of the manifest, in bytes.
    size: u64,
    annotations: BTreeMap<String, String>,
}

pub(super) async fn list(
    State(registry): State<Registry>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Json<ReferrerPage>, Problem> {
    let subject = Digest::parse(&asked.digest);
    let subject = subject.map_err(|error| Problem::bad_request(error.message().to_owned()))?;
    let (after, limit) = (paging::after(asked.cursor.as_deref())?, paging::limit(asked.limit.as_deref())?);
    let repository = registry.named(&asked.repository).await?;
    registry.load_to_show(&visit.asked, &repository.owner).await?;
    let limit = limit as usize;
    let found = registry.index.referrers(&repository, &subject, Some(after), limit + 1).await;
    let mut found = found.map_err(Refusal::from)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let mut referrers = Vec::with_capacity(found.len());
    for found in &found {
        let Some(bytes) = registry.contents.of(&repository, found).await? else { continue };
        let limits = Limits { bytes: usize::MAX, ..Limits::default() };
        let Ok(manifest) = Manifest::parse(&bytes, Some(found.media_type.as_str()), &limits) else {
            continue;
        };
        let said = manifest.annotations.filter(|said| said.as_json().len() <= MAX_ANNOTATIONS);
        referrers.push(ReferrerView {
            digest: found.digest.to_string(),
            media_type: found.media_type.as_str().to_owned(),
            artifact_type: manifest.effective_artifact_type().map(str::to_owned),
            size: bytes.len() as u64,
            annotations: said.map(Annotations::to_map).unwrap_or_default(),
        });
    }
    let cursor = found.last().filter(|_| more).map(|found| found.digest.to_string());
    Ok(Json(ReferrerPage { referrers, cursor }))
}
