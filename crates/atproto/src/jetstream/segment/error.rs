//! Why a segment, or one of its events, cannot be used.

use super::super::FrameError;
use crate::SyntaxError;
use crate::data::DataError;

/// A segment or block that is not what the format says: damaged on the way, or no segment at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    /// Fewer bytes than the part must have.
    #[error("{0} is cut short")]
    Truncated(&'static str),
    /// The first four bytes are others.
    #[error("this is not a segment: it does not begin with \"jss0\"")]
    BadMagic,
    /// The server is still writing to it.
    #[error("the segment is not sealed yet")]
    NotSealed,
    /// A format this version does not know.
    #[error("segments of version {0} are unknown here")]
    UnknownVersion(u16),
    /// More than [`SegmentLimits`](super::SegmentLimits) allow.
    #[error("{what} is larger than the {limit} allowed")]
    TooLarge {
        /// Which part.
        what: &'static str,
        /// The bound.
        limit: u64,
    },
    /// Offsets or bounds that contradict each other.
    #[error("the segment contradicts itself: {0}")]
    Inconsistent(&'static str),
    /// Header and footer are not those that were sealed.
    #[error("the checksum of the segment is {computed:016x}, its header says {stated:016x}")]
    BadChecksum {
        /// What the header says.
        stated: u64,
        /// What it is.
        computed: u64,
    },
    /// Not one zstd frame with a content checksum, or that checksum is wrong.
    #[error("a block cannot be decompressed: {0}")]
    BadCompression(String),
    /// Columns that do not fit together.
    #[error("a block contradicts itself: {0}")]
    BadBlock(&'static str),
    /// A block that differs from its entry in the index.
    #[error("a block differs from the index of its segment: {0}")]
    NotAsIndexed(&'static str),
}

/// An event that must be dropped and counted under its [`reason`](RowError::reason); those around it are sound.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// An identifier is not text.
    #[error("an identifier is not UTF-8")]
    NotUtf8,
    /// A time no clock shows: negative, or beyond the year 2255.
    #[error("{0} is not a time in microseconds")]
    BadTime(i64),
    /// The account.
    #[error("did: {0}")]
    BadDid(SyntaxError),
    /// The collection.
    #[error("collection: {0}")]
    BadCollection(SyntaxError),
    /// The record key.
    #[error("rkey: {0}")]
    BadRkey(SyntaxError),
    /// The revision.
    #[error("rev: {0}")]
    BadRev(SyntaxError),
    /// The record cannot be stored.
    #[error("record: {0}")]
    BadRecord(DataError),
    /// What a relay said about an account is not what it should be.
    #[error("account or identity: {0}")]
    BadAccount(FrameError),
}

impl SegmentError {
    /// A short name for metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Truncated(_) => "truncated",
            Self::BadMagic => "bad_magic",
            Self::NotSealed => "not_sealed",
            Self::UnknownVersion(_) => "unknown_version",
            Self::TooLarge { .. } => "too_large",
            Self::Inconsistent(_) => "inconsistent",
            Self::BadChecksum { .. } => "bad_checksum",
            Self::BadCompression(_) => "bad_compression",
            Self::BadBlock(_) => "bad_block",
            Self::NotAsIndexed(_) => "not_as_indexed",
        }
    }
}

impl RowError {
    /// A short name for metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NotUtf8 => "not_utf8",
            Self::BadTime(_) => "bad_time",
            Self::BadDid(_) => "bad_did",
            Self::BadCollection(_) => "bad_collection",
            Self::BadRkey(_) => "bad_rkey",
            Self::BadRev(_) => "bad_rev",
            Self::BadRecord(error) => error.reason(),
            Self::BadAccount(error) => error.reason(),
        }
    }
}
