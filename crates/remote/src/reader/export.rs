//! Reading a repository as a whole, proven.

use std::time::Duration;

use atproto::Cid;
use atproto::car::{self, Blocks, CarError};
use bytes::Bytes;
use clock::now_micros;
use tokio::time::Instant;

use super::Step;
use super::ascent::{Ascent, Head, Reached};
use super::remaining::Remaining;
use super::tally::Tally;
use crate::budget::Reservation;
use crate::host::Sample;
use crate::query::Query;
use crate::{Home, Remote, RemoteError, signed, telemetry};

const METHOD: &str = "com.atproto.sync.getRepo";

/// Blocks of a repository have some hundred bytes: with the largest export allowed, this many are more than enough.
const MIN_BLOCK_BYTES: usize = 64;

/// A repository in memory.
pub(super) struct Export {
    head: Head,
    blocks: Blocks,
    ascent: Ascent,
    /// Given back when the last part has been read.
    _memory: Reservation,
}

impl Export {
    /// Fetches the repository and checks its signature.
    pub(super) async fn open(remote: &Remote, home: &Home) -> Result<Self, RemoteError> {
        let (started, asked_at) = (Instant::now(), now_micros());
        let max_bytes = remote.config().max_export_bytes;
        let query = Query::car(METHOD, &home.did, max_bytes);
        let mut memory = remote.budget().reserve();
        let car = fetch(remote, home, &query, &mut memory).await?;
        telemetry::received(METHOD, car.len());
        let speeds = remote.client().host(&home.host).await;
        speeds.speeds.add(Sample::Export, car.len(), started.elapsed());

        let (root, blocks) = unpack(home, car).await?;
        let head = Head { commit: signed::commit(home, &root, &blocks)?, asked_at };
        Ok(Self { head, blocks, ascent: Ascent::default(), _memory: memory })
    }

    /// The next part of the first collection that remains.
    pub(super) fn next(
        &mut self,
        home: &Home,
        remaining: &mut Remaining,
        tally: &mut Tally,
    ) -> Result<Option<Step>, RemoteError> {
        while let Some((collection, left)) = remaining.first() {
            let reached = self.ascent.climb(self.head.commit.data, collection, left, &self.blocks);
            match reached.map_err(|error| home.untrusted(error.reason()))? {
                Reached::Missing(_) => return Err(home.untrusted("missing_node")),
                Reached::Records => {}
            }
            let part = self.ascent.part(&self.head, home, remaining, &self.blocks, tally)?;
            if part.is_some() {
                return Ok(part);
            }
        }
        Ok(None)
    }
}

/// Reads the whole answer, as memory allows.
async fn fetch(
    remote: &Remote,
    home: &Home,
    query: &Query,
    memory: &mut Reservation,
) -> Result<Bytes, RemoteError> {
    let timeout: Duration = remote.config().export_timeout;
    let mut incoming = remote.client().open(home, query, timeout).await?;
    let mut car = Vec::new();
    while let Some(chunk) = incoming.chunk().await.map_err(|cause| query.failed(cause))? {
        if !memory.grow(chunk.len()).await {
            return Err(home.too_large("its export"));
        }
        car.extend_from_slice(&chunk);
    }
    Ok(car.into())
}

/// Takes an export apart, which means hashing all of it.
async fn unpack(home: &Home, car: Bytes) -> Result<(Cid, Blocks), RemoteError> {
    let limits = car::Limits { bytes: car.len(), blocks: car.len() / MIN_BLOCK_BYTES + 1 };
    let unpacked = tokio::task::spawn_blocking(move || {
        let mut blocks = Blocks::new(limits);
        let roots = blocks.add(car)?;
        Ok::<_, CarError>((roots, blocks))
    });
    // The task is not cancelled, and does not panic.
    let (roots, blocks) =
        unpacked.await.map_err(|_| home.untrusted("bad_car"))?.map_err(|error| home.bad_car(&error))?;
    let root = roots.first().ok_or_else(|| home.untrusted("no_commit"))?;
    Ok((*root, blocks))
}
