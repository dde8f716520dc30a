//! All that an owner has elsewhere, where the newest records of it are here: the rest is on its way, and is waited for.
//!
//! A list that ends where the owner's host ends its first page would be taken for all there is.

use std::sync::Arc;
use std::time::Duration;

use atproto::{Did, Nsid};
use records::{CoverageState, Records};
use tokio::time::{Instant, sleep};

use crate::lexicon;
use crate::load::Loaded;

/// How long a request waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it looks.
const POLL: Duration = Duration::from_millis(50);

/// How much of what somebody has is here. Cheap to clone.
#[derive(Clone)]
pub(crate) struct History {
    pub(crate) records: Records,
    /// Tells whoever fetches the rest that somebody waits for it.
    pub(crate) hurry: Arc<dyn Fn() + Send + Sync>,
}

impl History {
    /// Waits until nothing is on its way any more, as long as patience lasts. What came of it.
    pub(crate) async fn settled(&self, owner: &Did) -> Result<Loaded, records::Error> {
        let (deadline, mut loaded) = (Instant::now() + PATIENCE, Loaded::Nothing);
        for collection in [lexicon::manifest_collection(), lexicon::tag_collection()] {
            while self.is_on_its_way(owner, &collection).await? {
                if Instant::now() > deadline {
                    return Ok(Loaded::Unknown);
                }
                loaded = Loaded::Something;
                (self.hurry)();
                sleep(POLL).await;
            }
        }
        Ok(loaded)
    }

    async fn is_on_its_way(&self, owner: &Did, collection: &Nsid) -> Result<bool, records::Error> {
        let state = self.state(owner, collection).await?;
        Ok(matches!(state, Some(CoverageState::Pending | CoverageState::Fetching)))
    }

    /// Whether all of it was here once, and what may be missing is what was written in a stretch that the stream has missed.
    pub(crate) async fn was_complete(&self, owner: &Did) -> Result<bool, records::Error> {
        for collection in [lexicon::manifest_collection(), lexicon::tag_collection()] {
            if self.state(owner, &collection).await? != Some(CoverageState::Complete) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn state(&self, owner: &Did, collection: &Nsid) -> Result<Option<CoverageState>, records::Error> {
        Ok(self.records.coverage(owner, collection).await?.map(|coverage| coverage.state))
    }
}
