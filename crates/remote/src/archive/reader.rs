//! The events of a plan, a batch at a time.

use std::collections::VecDeque;
use std::sync::Arc;

use atproto::jetstream::segment::Kind;

use super::download::{Download, Downloaded, Downloads};
use super::fetch::SEGMENT;
use super::{Archive, ArchiveEvent, ArchivePosition, Plan};
use crate::RemoteError;

/// Events of a batch.
pub const MAX_BATCH: usize = 1000;

/// Bytes of records after which a batch is full, whatever their number.
const MAX_BATCH_BYTES: usize = 8 << 20;

/// Blocks after which a batch ends even if it is not full, so that its reader can note how far it got.
const BLOCKS_PER_BATCH: u32 = 64;

/// Reads what a [`Plan`] names. Downloads run ahead by a few megabytes; they end when the reader is dropped.
pub struct ArchiveReader {
    archive: Archive,
    plan: Arc<Plan>,
    /// Everything up to here was handed out.
    position: ArchivePosition,
    /// Where the position is once `events` are handed out.
    next_position: ArchivePosition,
    /// What of the last block was not handed out yet.
    events: VecDeque<ArchiveEvent>,
    /// What the next call returns.
    batch: Batch,
    downloads: Option<Downloads>,
    /// What went wrong behind the last batch.
    error: Option<RemoteError>,
    done: bool,
}

impl ArchiveReader {
    pub(super) fn new(archive: Archive, plan: Plan, from: Option<ArchivePosition>) -> Self {
        let mut position = from.unwrap_or_default();
        position.seq = position.seq.max(plan.after);
        let plan = Arc::new(plan);
        Self {
            archive,
            plan,
            position,
            next_position: position,
            events: VecDeque::new(),
            batch: Batch::default(),
            downloads: None,
            error: None,
            done: false,
        }
    }

    /// The next events, at most [`MAX_BATCH`], and the position behind them; `None` after the last.
    ///
    /// A batch may be empty: then a long stretch of the archive held nothing that is wanted. After an error the next call
    /// tries again from the last position. Events that cannot be stored are left out and counted. A call that is given up
    /// loses nothing.
    pub async fn next(&mut self) -> Result<Option<(Vec<ArchiveEvent>, ArchivePosition)>, RemoteError> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        if self.done {
            return Ok(None);
        }
        for _ in 0..BLOCKS_PER_BATCH {
            if self.hand_out() {
                return Ok(Some(self.full()));
            }
            match self.next_block().await {
                Ok(Some(downloaded)) => self.take(downloaded),
                Ok(None) => {
                    self.done = true;
                    self.position.seq = self.position.seq.max(self.plan.end());
                    return Ok(Some(self.full()));
                }
                Err(error) if self.batch.events.is_empty() => return Err(error),
                // What was read before it is good.
                Err(error) => {
                    self.error = Some(error);
                    return Ok(Some(self.full()));
                }
            }
        }
        self.hand_out();
        Ok(Some(self.full()))
    }

    /// Moves events into the batch, until it is full (then this is true) or all are there.
    fn hand_out(&mut self) -> bool {
        while let Some(event) = self.events.pop_front() {
            self.position.seq = event.seq;
            self.batch.push(event);
            if self.batch.is_full() {
                return true;
            }
        }
        self.position = self.next_position;
        false
    }

    fn full(&mut self) -> (Vec<ArchiveEvent>, ArchivePosition) {
        (std::mem::take(&mut self.batch).events, self.position)
    }

    async fn next_block(&mut self) -> Result<Option<Downloaded>, RemoteError> {
        let downloads = self
            .downloads
            .get_or_insert_with(|| Download::start(self.archive.clone(), self.plan.clone(), self.position));
        // The end is announced: a download that stops without a word, because everything does, is not at its end.
        let stopped = || Err(self.archive.malformed(SEGMENT, &"a download that stopped"));
        let block = downloads.recv().await.unwrap_or_else(stopped);
        if block.is_err() {
            self.downloads = None;
        }
        block
    }

    fn take(&mut self, Downloaded { segment, block }: Downloaded) {
        let seq = block.seqs.map_or(0, |(_, last)| last).max(self.position.seq);
        self.next_position = ArchivePosition { seq, segment, block: block.number + 1 };
        // A position between its events must lead to this block again.
        self.position = ArchivePosition { segment, block: block.number, ..self.position };
        self.events.extend(block.events);
    }
}

#[derive(Default)]
struct Batch {
    events: Vec<ArchiveEvent>,
    bytes: usize,
}

impl Batch {
    fn push(&mut self, event: ArchiveEvent) {
        if let Kind::Record(change) = &event.kind {
            self.bytes += change.record.as_ref().map_or(0, |record| record.json.len());
        }
        self.events.push(event);
    }

    fn is_full(&self) -> bool {
        self.events.len() == MAX_BATCH || self.bytes >= MAX_BATCH_BYTES
    }
}
