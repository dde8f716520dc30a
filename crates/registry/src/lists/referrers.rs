//! The manifests that are about another one.

use http::header::LINK;
use oci::referrers::{List, MEDIA_TYPE, Referrer};
use oci::{Digest, Limits, Manifest};

use super::page;
use crate::Repository;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Entries of a page, each of which is a manifest to be read.
const MOST: usize = 500;

/// Bytes after which a page ends: annotations of one manifest may be as long as it.
const MOST_BYTES: usize = 4 << 20;

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
    let found = registry.index.referrers(repository, subject, page.last(), limit).await?;
    let mut list = List::new(artifact_type.as_deref());
    let mut shown = 0;
    for found in found.iter().take(page.limit()) {
        if let Some(content) = registry.contents.of(repository, found).await? {
            let parsed = Manifest::parse(&content, Some(found.media_type.as_str()), &Limits::default());
            if let Ok(manifest) = parsed {
                list.add(&Referrer::of(&manifest, found.digest, content.len() as u64));
            }
        }
        shown += 1;
        if list.len() >= MOST_BYTES {
            break;
        }
    }
    let mut answer = Answer::json(MEDIA_TYPE.as_str(), list.finish());
    if artifact_type.is_some() {
        answer = answer.with_static(oci::header::FILTERS_APPLIED, oci::header::FILTERED_BY_ARTIFACT_TYPE);
    }
    if let Some(last) = found.get(..shown).and_then(<[_]>::last).filter(|_| shown < found.len()) {
        let filter = artifact_type.as_deref().map(|artifact_type| ("artifactType", artifact_type));
        answer = answer.with(LINK, &page.next_link(&asked.route, &last.digest.to_string(), filter));
    }
    Ok(answer)
}

/// The list of what refers to anything in a repository of somebody who does not exist: there is always one.
pub(crate) fn no_referrers(asked: &Asked) -> Result<Answer, Refusal> {
    page(asked, MOST)?;
    let answer = Answer::json(MEDIA_TYPE.as_str(), List::new(None).finish());
    Ok(match asked.parameter("artifactType") {
        Some(_) => answer.with_static(oci::header::FILTERS_APPLIED, oci::header::FILTERED_BY_ARTIFACT_TYPE),
        None => answer,
    })
}
