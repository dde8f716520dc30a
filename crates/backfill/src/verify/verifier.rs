//! Comparing many repositories at the same time.

use std::time::Duration;

use atproto::{Did, Nsid};
use futures::stream::{self, Stream, StreamExt};
use remote::{Remote, RemoteError};
use store::Store;

use super::compare::{Difference, compare, persisting};
use super::report::{RepoReport, Verdict};
use super::{here, there};

/// Settings of a [`Verifier`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifierConfig {
    /// The pause before what differs is looked at again: longer than the stream takes to bring a change.
    pub pause: Duration,
    /// Repositories that are compared at the same time.
    pub at_once: usize,
}

impl Default for VerifierConfig {
    fn default() -> Self {
        Self { pause: Duration::from_secs(5), at_once: 8 }
    }
}

/// Compares repositories with their hosts. Only reads.
#[derive(Clone)]
pub struct Verifier {
    store: Store,
    remote: Remote,
    collections: Vec<Nsid>,
    config: VerifierConfig,
}

impl Verifier {
    /// For these collections of whatever repository.
    #[must_use]
    pub fn new(store: Store, remote: Remote, collections: Vec<Nsid>, config: VerifierConfig) -> Self {
        Self { store, remote, collections, config }
    }

    /// A report for each repository, as they come.
    pub fn verify(&self, dids: Vec<Did>) -> impl Stream<Item = Result<RepoReport, store::Error>> {
        let reports = stream::iter(dids).map(|did| self.repo(did));
        reports.buffer_unordered(self.config.at_once)
    }

    /// Fails only if the databases do.
    pub async fn repo(&self, did: Did) -> Result<RepoReport, store::Error> {
        let unreachable = |error: &RemoteError| Verdict::Unreachable { reason: error.to_string() };
        let verdict = match self.look(&did).await? {
            Err(error) => unreachable(&error),
            Ok((records, first)) if first.is_empty() => Verdict::Compared { records, differences: first },
            Ok((_, first)) => {
                tokio::time::sleep(self.config.pause).await;
                match self.look(&did).await? {
                    Err(error) => unreachable(&error),
                    Ok((records, second)) => {
                        Verdict::Compared { records, differences: persisting(first, &second) }
                    }
                }
            }
        };
        Ok(RepoReport { did, verdict })
    }

    /// How many records the repository has, and what differs now.
    async fn look(&self, did: &Did) -> Result<Result<(u64, Vec<Difference>), RemoteError>, store::Error> {
        let there = match there::read(&self.remote, did, &self.collections).await {
            Ok(there) => there,
            Err(error) => return Ok(Err(error)),
        };
        // Afterwards, so that what came in between is rather here than missing.
        let here = here::read(&self.store, did, &self.collections).await?;
        Ok(Ok((there.len() as u64, compare(&here, &there))))
    }
}
