//! The files a Jetstream v2 server keeps its history in: <https://github.com/bluesky-social/jetstream>.
//!
//! A *sealed segment* (`seg_<10 digits of base 36>.jss`) holds the events of a stretch of sequence numbers. All numbers
//! are little-endian:
//!
//! ```text
//! header    256 bytes: magic "jss0", checksum u64, version u16 = 1, blocks u32, events u32, accounts u32,
//!           min and max seq u64, min and max time i64, then five offsets u64: of the footer, of the account filter of
//!           the segment, of those of its blocks, of the collection index, of the block index; zeros to the end
//! block     length u64, then a zstd frame of that length with a content checksum                       (repeated)
//! footer    block index (52 bytes each: offset u64, length u32, unpacked length u32, events u32, min and max seq u64,
//!           min and max time i64), then the account filters and the collection index
//! ```
//!
//! The header's checksum is XXH3 (64 bits) of the header from `version` on, followed by the footer. It covers no block:
//! their frames have checksums of their own. What plans downloads on the server (filters, collection index) is covered by
//! the checksum and not looked at here.
//!
//! A block is columns, one after the other: count u32; of every event its seq u64, time i64, shown time i64, kind u8,
//! and the lengths of its collection u8, account u16, record key u8, revision u8 and payload u32; then all collections,
//! all accounts, all record keys, all revisions, all payloads. A payload is DAG-CBOR: the record, or the relay's account,
//! identity or sync message.
//!
//! # What an archive promises
//!
//! - Sequence numbers rise strictly within a segment and from one segment to the next, with holes. The events of one
//!   repository are in the order in which they happened.
//! - *Compaction*, every few hours, removes creations and updates that a later update or deletion of the same record, a
//!   deletion of the account, or a sync of the repository made void. Deletions and all other events stay for good. So what
//!   was removed from the network appears either as a creation followed by a deletion or as a deletion alone.
//! - A block that compaction emptied stays as a block without events, so block numbers and the bounds in the index keep
//!   their meaning; the file gets another checksum.
//! - A sync ([`Kind::Sync`]) voids everything its repository held before; the records the repository has at that
//!   revision follow as creations. No deletions are written for those that are gone.
//! - An event may appear twice, with different sequence numbers. Applying changes by revision makes that harmless.
//!
//! [`Segment`] reads a whole file. To read parts of one, ask for the first [`HEADER_BYTES`] ([`Header::parse`]), then for
//! the footer ([`Index::parse`]), then for blocks ([`BlockEntry::unpack`]). [`Block::unpack`] reads a block of which
//! nothing else is known.

mod block;
mod column;
mod error;
mod event;
mod file;
mod header;
mod index;
mod limits;
mod row;

pub use block::{Block, Rows};
pub use error::{RowError, SegmentError};
pub use event::{Event, Kind, RecordChange, StoredRecord};
pub use file::Segment;
pub use header::{HEADER_BYTES, Header};
pub use index::{BlockEntry, Index};
pub use limits::SegmentLimits;
pub use row::{Row, RowKind};
