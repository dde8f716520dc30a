//! Why a frame is not an event.

use crate::SyntaxError;

/// A frame that must be dropped and counted under its [`reason`](FrameError::reason).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Larger than allowed, before or after decompression.
    #[error("a frame is larger than the {limit} bytes allowed")]
    TooLarge {
        /// The bound in bytes.
        limit: usize,
    },
    /// A compressed frame that does not decompress with the stream's dictionary.
    #[error("a compressed frame cannot be read: {0}")]
    BadCompression(String),
    /// Bytes that are not text.
    #[error("a frame is not UTF-8")]
    NotUtf8,
    /// Text that is not JSON.
    #[error("a frame is not JSON: {0}")]
    NotJson(String),
    /// JSON in which a field is missing, twice there, or of another type.
    #[error("a frame is not an event: {0}")]
    WrongShape(String),
    /// A `time_us` no clock shows: negative, or beyond the year 2255.
    #[error("{0} is not a time in microseconds")]
    BadTime(i64),
    /// A `time` that is none of RFC 3339, or beyond what a repository's revision can say.
    #[error("{0:?} is not a time")]
    BadTimestamp(String),
    /// `did`.
    #[error("did: {0}")]
    BadDid(SyntaxError),
    /// `commit.rev`.
    #[error("rev: {0}")]
    BadRev(SyntaxError),
    /// `commit.collection`.
    #[error("collection: {0}")]
    BadCollection(SyntaxError),
    /// `commit.rkey`.
    #[error("rkey: {0}")]
    BadRkey(SyntaxError),
    /// `commit.cid`.
    #[error("cid: {0}")]
    BadCid(SyntaxError),
    /// `commit.operation` is none of the three.
    #[error("{0:?} is not an operation")]
    UnknownOperation(String),
    /// The member named like the event's kind is absent.
    #[error("an event of kind {0} has no member {0}")]
    MissingPayload(&'static str),
    /// A create or update without `record`.
    #[error("a created or updated record is missing")]
    MissingRecord,
    /// The identity or account inside belongs to another DID than the event.
    #[error("an event of one DID carries the identity or account of another")]
    DidMismatch,
}

impl FrameError {
    /// A short name for metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::BadCompression(_) => "bad_compression",
            Self::NotUtf8 => "not_utf8",
            Self::NotJson(_) => "not_json",
            Self::WrongShape(_) => "wrong_shape",
            Self::BadTime(_) | Self::BadTimestamp(_) => "bad_time",
            Self::BadDid(_) => "bad_did",
            Self::BadRev(_) => "bad_rev",
            Self::BadCollection(_) => "bad_collection",
            Self::BadRkey(_) => "bad_rkey",
            Self::BadCid(_) => "bad_cid",
            Self::UnknownOperation(_) => "unknown_operation",
            Self::MissingPayload(_) => "missing_payload",
            Self::MissingRecord => "missing_record",
            Self::DidMismatch => "did_mismatch",
        }
    }
}
