//! The bytes of manifests.
//!
//! They are blobs of their owners' repositories, and what was fetched once is kept under its digest: it is the same for ever, so any
//! copy will do. The ones that are asked for again and again are in memory.

use bytes::Bytes;
use moka::future::Cache;
use oci::Digest;

use crate::Repository;
use crate::authors::Authors;
use crate::index::{Found, Index};
use crate::refusal::Refusal;

/// Bytes of manifests in memory at most.
const IN_MEMORY: u64 = 32 << 20;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Contents {
    index: Index,
    authors: Authors,
    recent: Cache<Digest, Bytes>,
}

impl Contents {
    pub(crate) fn new(index: Index, authors: Authors) -> Self {
        let weigh = |_: &Digest, bytes: &Bytes| u32::try_from(bytes.len() + 256).unwrap_or(u32::MAX);
        let recent = Cache::builder().max_capacity(IN_MEMORY).weigher(weigh).build();
        Self { index, authors, recent }
    }

    /// The bytes of a manifest; `None` if whoever should have them has not, or has something else.
    pub(crate) async fn of(&self, repository: &Repository, found: &Found) -> Result<Option<Bytes>, Refusal> {
        if let Some(bytes) = self.recent.get(&found.digest).await {
            return Ok(Some(bytes));
        }
        let bytes = match self.authors.hosted_blob(&repository.owner, found.blob).await? {
            Some(bytes) => Some(bytes),
            None => self.fetched(repository, found).await?,
        };
        let bytes = bytes.filter(|bytes| is(&found.digest, bytes));
        if let Some(bytes) = &bytes {
            self.keep(&found.digest, bytes.clone()).await;
        }
        Ok(bytes)
    }

    /// Remembers what is known to be of this digest.
    pub(crate) async fn keep(&self, digest: &Digest, bytes: Bytes) {
        self.recent.insert(*digest, bytes).await;
    }

    /// Of somebody whose repository is elsewhere.
    async fn fetched(&self, repository: &Repository, found: &Found) -> Result<Option<Bytes>, Refusal> {
        if let Some(bytes) = self.index.bytes(&found.digest).await? {
            return Ok(Some(bytes.into()));
        }
        let Some(blob) = found.blob else { return Ok(None) };
        let bytes = self.authors.remote_blob(&repository.owner, blob).await?;
        let bytes = bytes.filter(|bytes| is(&found.digest, bytes));
        if let Some(bytes) = &bytes {
            self.index.keep_bytes(&found.digest, bytes.clone()).await?;
        }
        Ok(bytes)
    }
}

fn is(digest: &Digest, bytes: &[u8]) -> bool {
    Digest::of(digest.algorithm(), bytes) == *digest
}
