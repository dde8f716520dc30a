//! Blocks of a repository, fetched by their CIDs.

use atproto::Cid;
use atproto::car::Blocks;
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::host::Sample;
use crate::query::Query;
use crate::{Home, Remote, RemoteError};

const METHOD: &str = "com.atproto.sync.getBlocks";

/// CIDs in one request: 66 bytes each, and servers accept URLs of 8 KiB.
const BATCH: usize = 100;

/// Requests at a time.
const PARALLEL: usize = 3;

/// Largest answer.
const MAX_BYTES: usize = 16 << 20;

/// A block that the host does not have, or not any more.
pub(crate) enum Fetched {
    /// Everything that there was room for.
    All,
    /// At least one is missing.
    Missing,
}

impl Remote {
    /// Fetches those of these blocks that are not among `blocks` yet, in order, until there are `enough` bytes. What was
    /// fetched before an error stays.
    pub(crate) async fn fetch_blocks(
        &self,
        home: &Home,
        cids: &[Cid],
        blocks: &mut Blocks,
        enough: usize,
    ) -> Result<Fetched, RemoteError> {
        let lacking: Vec<Cid> = cids.iter().filter(|cid| blocks.get(cid).is_none()).copied().collect();
        // Made here, not by the stream: one that made them would not be known to be `Send` for every lifetime.
        let batches: Vec<_> = lacking.chunks(BATCH).map(|batch| self.fetch_batch(home, batch)).collect();
        let mut batches = stream::iter(batches).buffered(PARALLEL);
        while let Some(cars) = batches.try_next().await? {
            let Some(cars) = cars else { return Ok(Fetched::Missing) };
            for car in cars {
                blocks.add(car).map_err(|error| home.bad_car(&error))?;
            }
            if blocks.bytes() >= enough {
                return Ok(Fetched::All);
            }
        }
        let missing = lacking.iter().any(|cid| blocks.get(cid).is_none());
        Ok(if missing { Fetched::Missing } else { Fetched::All })
    }

    /// The answers for a batch: one, unless its blocks are so large that it takes several. `None` if the host says that it
    /// lacks one.
    async fn fetch_batch(&self, home: &Home, cids: &[Cid]) -> Result<Option<Vec<bytes::Bytes>>, RemoteError> {
        let (mut cars, mut wanted) = (Vec::new(), vec![cids]);
        while let Some(cids) = wanted.pop() {
            let query = Query::car(METHOD, &home.did, MAX_BYTES).measured(Sample::Batch);
            let query = cids.iter().fold(query, |query, cid| query.with("cids", cid));
            match self.client().ask(home, &query).await {
                Ok(answer) => cars.push(answer.body),
                Err(error) if is_too_large(&error) && cids.len() > 1 => {
                    let (first, second) = cids.split_at(cids.len() / 2);
                    wanted.extend([second, first]);
                }
                Err(error) if is_missing(&error) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(Some(cars))
    }
}

fn is_too_large(error: &RemoteError) -> bool {
    error.kind() == crate::Kind::TooLarge
}

/// Whether the host says that it lacks a block. The lexicon has a name for that, the reference server another.
fn is_missing(error: &RemoteError) -> bool {
    matches!(error, RemoteError::Refused { status, name, .. }
        if status.as_u16() == 400 && matches!(name.as_str(), "BlockNotFound" | "InvalidRequest"))
}
