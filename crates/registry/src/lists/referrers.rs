//! The manifests that are about another one.

use http::header::LINK;
use oci::referrers::{MEDIA_TYPE, Referrer, index};
use oci::{Digest, Limits, Manifest};

use super::page;
use crate::Repository;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Entries of a page, each of which is a manifest to be read.
const MOST: usize = 500;

/// Whatever is asked for, there is a list, and it may be empty.
pub(crate) async fn referrers(
    registry: &Registry,
    asked: &Asked,
    repository: &Repository,
    subject: &Digest,
) -> Result<Answer, Refusal> {
    let page = page(asked, MOST)?;
    let artifact_type = asked.parameter("artifactType");
    registry.load_to_list(asked, repository).await?;
    let limit = page.limit().saturating_add(1);
    let mut found = registry.index.referrers(repository, subject, page.last(), limit).await?;
    let more = found.len() > page.limit();
    found.truncate(page.limit());
    let mut bytes = Vec::with_capacity(found.len());
    for found in &found {
        if let Some(content) = registry.contents.of(repository, found).await? {
            bytes.push((found.digest, found.media_type, content));
        }
    }
    let manifests: Vec<_> = bytes
        .iter()
        .filter_map(|(digest, media_type, content)| {
            let parsed = Manifest::parse(content, Some(media_type.as_str()), &Limits::default());
            parsed.ok().map(|manifest| (manifest, *digest, content.len() as u64))
        })
        .collect();
    let entries = manifests.iter().map(|(manifest, digest, size)| Referrer::of(manifest, *digest, *size));
    let mut answer = Answer::json(MEDIA_TYPE.as_str(), index(entries, artifact_type.as_deref()));
    if artifact_type.is_some() {
        answer = answer.with_static(oci::header::FILTERS_APPLIED, oci::header::FILTERED_BY_ARTIFACT_TYPE);
    }
    if let Some(last) = found.last().filter(|_| more) {
        let filter = artifact_type.as_deref().map(|artifact_type| ("artifactType", artifact_type));
        answer = answer.with(LINK, &page.next_link(&asked.route, &last.digest.to_string(), filter));
    }
    Ok(answer)
}
