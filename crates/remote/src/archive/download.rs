//! Downloads that run ahead of whoever reads.

use std::sync::Arc;

use atproto::jetstream::segment::SegmentLimits;
use futures::stream::{self, StreamExt};
use tokio::sync::mpsc;

use super::fetch::{BLOCK, SEGMENT};
use super::load::{Loaded, Loader};
use super::piece::Stretch;
use super::planned::PlannedSegment;
use super::{Archive, ArchivePosition, Plan};
use crate::RemoteError;

/// Requests under way at the same time. Each holds a few megabytes.
const CONCURRENT: usize = 4;

/// How often a segment may be replaced while it is downloaded. Servers compact every few hours.
const MAX_REPLACED: u32 = 3;

/// Blocks as they come, `None` at the end.
pub(super) type Downloads = mpsc::Receiver<Result<Option<Downloaded>, RemoteError>>;

/// A block, and the number of its segment.
pub(super) struct Downloaded {
    pub(super) segment: u64,
    pub(super) block: Loaded,
}

/// Downloads what a plan names, in order, from a position on.
pub(super) struct Download {
    loader: Loader,
    position: ArchivePosition,
    /// The sequence number of the last event that was downloaded.
    last: u64,
    out: mpsc::Sender<Result<Option<Downloaded>, RemoteError>>,
}

/// How the download of a segment ended.
enum Outcome {
    Done,
    /// Compaction replaced it.
    Replaced,
    /// Nobody waits for it any more.
    Unwanted,
}

impl Download {
    /// Begins; dropping the receiver ends it.
    pub(super) fn start(archive: Archive, plan: Arc<Plan>, position: ArchivePosition) -> Downloads {
        let (out, receiver) = mpsc::channel(1);
        let loader = Loader { archive, plan, after: position.seq, limits: SegmentLimits::default() };
        let download = Self { loader, position, last: 0, out: out.clone() };
        tokio::spawn(async move {
            tokio::select! {
                result = download.run() => {
                    // Whoever is gone needs no answer.
                    let _ = out.send(result.map(|()| None)).await;
                }
                () = out.closed() => {}
            }
        });
        receiver
    }

    async fn run(mut self) -> Result<(), RemoteError> {
        let (plan, position) = (self.loader.plan.clone(), self.position);
        for segment in plan.segments.as_slice().iter().filter(|segment| segment.max_seq > position.seq) {
            let mut from = if segment.index == position.segment { position.block } else { 0 };
            let mut replaced = 0;
            loop {
                match self.segment(segment, &mut from).await? {
                    Outcome::Done => break,
                    Outcome::Unwanted => return Ok(()),
                    Outcome::Replaced if replaced == MAX_REPLACED => {
                        let what = "a segment that is replaced again and again";
                        return Err(self.loader.archive.malformed(SEGMENT, &what));
                    }
                    Outcome::Replaced => replaced += 1,
                }
            }
        }
        Ok(())
    }

    /// Downloads a segment from the block `from` on, which is kept up to date.
    async fn segment(&mut self, segment: &PlannedSegment, from: &mut u32) -> Result<Outcome, RemoteError> {
        let loader = self.loader.clone();
        let stretch = Stretch { from: *from, after: loader.after, end: loader.plan.end() };
        let Some(pieces) = loader.archive.pieces(segment, &stretch, &loader.limits).await? else {
            return Ok(Outcome::Replaced);
        };
        let loads = pieces.into_iter().map(|piece| loader.load(&segment.name, piece));
        let mut loads = stream::iter(loads).buffered(CONCURRENT);
        while let Some(loaded) = loads.next().await {
            let Some(blocks) = loaded? else { return Ok(Outcome::Replaced) };
            for block in blocks {
                self.check(segment, block.seqs)?;
                *from = block.number + 1;
                let downloaded = Downloaded { segment: segment.index, block };
                if self.out.send(Ok(Some(downloaded))).await.is_err() {
                    return Ok(Outcome::Unwanted);
                }
            }
        }
        Ok(Outcome::Done)
    }

    /// What is out of order would be taken for what was already read.
    fn check(&mut self, segment: &PlannedSegment, seqs: Option<(u64, u64)>) -> Result<(), RemoteError> {
        let Some((first, last)) = seqs else { return Ok(()) };
        let bad = |what: &str| Err(self.loader.archive.malformed(BLOCK, &what));
        if first < segment.min_seq || last > segment.max_seq {
            return bad("a block with other sequence numbers than were planned");
        }
        if first <= self.last {
            return bad("blocks that are out of order");
        }
        self.last = last;
        Ok(())
    }
}
