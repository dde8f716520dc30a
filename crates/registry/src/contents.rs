//! The bytes of manifests.
//!
//! They are blobs of their owners' repositories, and what was fetched once is kept under its digest: it is the same for ever, so any
//! copy will do. The ones that are asked for again and again are in memory.

use std::sync::Arc;
use std::time::Duration;

use atproto::Did;
use bytes::Bytes;
use moka::future::Cache;
use oci::Digest;

use crate::Repository;
use crate::authors::Authors;
use crate::index::{Found, Index};
use crate::load::unknowable;
use crate::refusal::Refusal;

/// Bytes of manifests in memory at most.
const IN_MEMORY: u64 = 32 << 20;

/// Bytes that were just fetched, for those who asked for them at the same moment, and how long they are kept for that.
const JUST_FETCHED: u64 = 8 << 20;
const MOMENT: Duration = Duration::from_secs(1);

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Contents {
    index: Index,
    authors: Authors,
    recent: Cache<Digest, Bytes>,
    /// By whose they are as well: nobody waits for the host of somebody else, who has the same.
    fetched: Cache<(Did, Digest), Bytes>,
}

/// Why there are no bytes.
enum Missed {
    /// Whoever should have them has not.
    Nothing,
    Refused(Refusal),
}

impl Contents {
    pub(crate) fn new(index: Index, authors: Authors) -> Self {
        let weigh = |_: &Digest, bytes: &Bytes| u32::try_from(bytes.len() + 256).unwrap_or(u32::MAX);
        let recent = Cache::builder().max_capacity(IN_MEMORY).weigher(weigh).build();
        let fetched = Cache::builder().max_capacity(JUST_FETCHED).time_to_live(MOMENT);
        let fetched = fetched.weigher(move |(_, digest), bytes| weigh(digest, bytes)).build();
        Self { index, authors, recent, fetched }
    }

    /// The bytes of a manifest; `None` if whoever should have them has not, or has something else.
    pub(crate) async fn of(&self, repository: &Repository, found: &Found) -> Result<Option<Bytes>, Refusal> {
        if let Some(bytes) = self.recent.get(&found.digest).await {
            return Ok(Some(bytes));
        }
        // However many ask, they are fetched once.
        let key = (repository.owner.clone(), found.digest);
        // In a box: every hit would pay for the size of it.
        match Box::pin(self.fetched.try_get_with(key, self.fetch(repository, found))).await {
            Ok(bytes) => {
                self.keep(&found.digest, bytes.clone()).await;
                Ok(Some(bytes))
            }
            Err(missed) => match Arc::try_unwrap(missed) {
                Ok(Missed::Refused(refusal)) => Err(refusal),
                Ok(Missed::Nothing) => Ok(None),
                Err(missed) if matches!(*missed, Missed::Nothing) => Ok(None),
                // One of those who asked is told why.
                Err(_) => Err(unknowable()),
            },
        }
    }

    async fn fetch(&self, repository: &Repository, found: &Found) -> Result<Bytes, Missed> {
        let hosted =
            self.authors.hosted_blob(&repository.owner, found.blob).await.map_err(Missed::Refused)?;
        let bytes = match hosted {
            Some(bytes) => Some(bytes),
            None => self.fetched(repository, found).await.map_err(Missed::Refused)?,
        };
        bytes.filter(|bytes| is(&found.digest, bytes)).ok_or(Missed::Nothing)
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
