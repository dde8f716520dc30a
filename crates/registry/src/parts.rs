//! What the manifests of a repository name, also beyond what their records have room for.

use atproto::Did;
use oci::{Digest, Limits, Manifest};

use crate::Repository;
use crate::index::PartOf;
use crate::lexicon::Part;
use crate::refusal::Refusal;
use crate::registry::Registry;

impl Registry {
    /// What a manifest of the repository names so, if one does.
    pub(crate) async fn part(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Option<PartOf>, Refusal> {
        let mut part = self.index.part(repository, digest).await?;
        if part.is_none() && Box::pin(self.complete_parts(repository)).await? {
            part = self.index.part(repository, digest).await?;
        }
        Ok(part)
    }

    /// In which holds the manifests that name a blob say that their blobs are, and how large they say it is.
    pub(crate) async fn holds_of(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Vec<(u64, Option<Did>)>, Refusal> {
        let mut holds = self.index.holds_of(repository, digest).await?;
        if holds.is_empty() && Box::pin(self.complete_parts(repository)).await? {
            holds = self.index.holds_of(repository, digest).await?;
        }
        Ok(holds)
    }

    /// Reads manifests whose records do not say all that they name. Whether any was read.
    async fn complete_parts(&self, repository: &Repository) -> Result<bool, Refusal> {
        let mut is_any = false;
        for (record_id, found) in self.index.cut(repository).await? {
            let Some(bytes) = self.contents.of(repository, &found).await? else { continue };
            let limits = Limits { bytes: bytes.len(), ..Limits::default() };
            let parsed = Manifest::parse(&bytes, Some(found.media_type.as_str()), &limits);
            let Ok(manifest) = parsed else { continue };
            self.index.fill(repository, (record_id, &found), Part::all(&manifest)).await?;
            is_any = true;
        }
        Ok(is_any)
    }
}
