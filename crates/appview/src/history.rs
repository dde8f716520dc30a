//! The history of the collections that lexicons ask for.

use atproto::Nsid;
use backfill::{Backfills, Cause, JobError, NewJob, Scope};
use remote::Mode;
use tracing::{info, warn};

/// What fetches records from before, and how unless somebody says otherwise. Cheap to clone.
#[derive(Clone)]
pub struct History {
    /// The jobs.
    pub backfills: Backfills,
    /// In which way repositories are read.
    pub mode: Mode,
    /// Whether only what its author's signature covers is taken in.
    pub verified: bool,
}

impl History {
    /// Starts a job for a collection that is new here; its id. `by` is the DID of who added the lexicon, if somebody did.
    pub(crate) async fn fetch(&self, collection: &Nsid, by: Option<&str>) -> Result<String, JobError> {
        let job = NewJob {
            collections: vec![collection.clone()],
            scope: Scope::Network,
            mode: self.mode,
            verified: self.verified,
            cause: Cause::Lexicon,
            by: by.map(str::to_owned),
        };
        let job = self.backfills.start(job).await?;
        info!(id = %job.id, %collection, "history of a new collection asked for");
        Ok(job.id.clone())
    }

    /// The same where nobody waits for the answer.
    pub(crate) async fn fetch_unwatched(&self, collection: &Nsid, by: Option<&str>) {
        if let Err(error) = self.fetch(collection, by).await {
            warn!(%collection, %error, "the history of a new collection is not fetched; start a backfill of it");
        }
    }
}
