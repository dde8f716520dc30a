//! One request's worth of blocks: fetched, checked, and read.

use std::sync::Arc;

use atproto::data::Limits;
use atproto::jetstream::segment::{Block, BlockEntry, Kind, SegmentError, SegmentLimits};
use bytes::Bytes;

use super::fetch::{BLOCK, Part, SEGMENT};
use super::piece::Piece;
use super::{Archive, ArchiveEvent, Plan, telemetry};
use crate::RemoteError;

/// What of a block is wanted.
pub(super) struct Loaded {
    /// The number of the block.
    pub(super) number: u32,
    /// The lowest and highest sequence number of all events of the block; `None` if it has none.
    pub(super) seqs: Option<(u64, u64)>,
    /// Those that are wanted.
    pub(super) events: Vec<ArchiveEvent>,
}

/// How blocks are read.
#[derive(Clone)]
pub(super) struct Loader {
    pub(super) archive: Archive,
    pub(super) plan: Arc<Plan>,
    /// Events up to here were read before.
    pub(super) after: u64,
    pub(super) limits: SegmentLimits,
}

impl Loader {
    /// The blocks of a piece; `None` if their segment was replaced.
    pub(super) async fn load(&self, name: &str, piece: Piece) -> Result<Option<Vec<Loaded>>, RemoteError> {
        match piece {
            Piece::Block(number) => {
                let frame = self.archive.block(name, number, self.limits.packed_bytes).await?;
                let loaded = self.on_a_thread(BLOCK, move |loader| {
                    Ok(vec![loader.read(number, &Block::unpack(&frame, &loader.limits)?)])
                });
                loaded.await.map(Some)
            }
            Piece::Run { checksum, first, entries } => {
                let (Some(begin), Some(end)) = (entries.first(), entries.last()) else {
                    return Ok(Some(vec![]));
                };
                let (begin, end) = (begin.offset, end.end());
                let length = usize::try_from(end - begin).unwrap_or(usize::MAX);
                let part =
                    self.archive.segment_part(name, (begin, Some(end)), Some(checksum), length).await?;
                let Part::Bytes(bytes) = part else { return Ok(None) };
                let loaded = self.on_a_thread(SEGMENT, move |loader| {
                    let unpack =
                        |entry: &BlockEntry| entry.unpack(frame(&bytes, begin, entry), &loader.limits);
                    (first..)
                        .zip(&entries)
                        .map(|(number, entry)| Ok(loader.read(number, &unpack(entry)?)))
                        .collect()
                });
                loaded.await.map(Some)
            }
        }
    }

    /// The wanted events of a block.
    fn read(&self, number: u32, block: &Block) -> Loaded {
        let mut events = Vec::new();
        for row in block.rows() {
            if row.seq <= self.after || row.seq > self.plan.end() || !self.plan.filter.wants(&row) {
                continue;
            }
            match row.event(&Limits::default()) {
                Ok(ArchiveEvent { kind: Kind::Unknown, .. }) => telemetry::rejected("unknown_kind"),
                Ok(event) => events.push(event),
                Err(error) => telemetry::rejected(error.reason()),
            }
        }
        telemetry::read(events.len());
        Loaded { number, seqs: block.seqs(), events }
    }

    /// Unpacking thousands of records takes longer than a task may hold up others.
    async fn on_a_thread(
        &self,
        method: &'static str,
        work: impl FnOnce(&Self) -> Result<Vec<Loaded>, SegmentError> + Send + 'static,
    ) -> Result<Vec<Loaded>, RemoteError> {
        let loader = self.clone();
        match tokio::task::spawn_blocking(move || work(&loader)).await {
            Ok(blocks) => blocks.map_err(|error| self.archive.malformed(method, &error)),
            Err(error) => Err(self.archive.malformed(method, &error)),
        }
    }
}

/// The frame of a block within bytes that begin at `begin`.
fn frame<'a>(bytes: &'a Bytes, begin: u64, entry: &BlockEntry) -> &'a [u8] {
    let at = |offset: u64| usize::try_from(offset - begin).unwrap_or(usize::MAX);
    bytes.get(at(entry.offset)..at(entry.end())).unwrap_or_default()
}
