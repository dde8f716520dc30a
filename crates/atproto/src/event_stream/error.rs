//! Why a message of a stream is not one.

use crate::SyntaxError;
use crate::cbor::Malformed;

/// A message that must be dropped and counted under its [`reason`](FrameError::reason).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Larger than allowed.
    #[error("a frame is larger than the {limit} bytes allowed")]
    TooLarge {
        /// The bound in bytes.
        limit: usize,
    },
    /// Not two values of DAG-CBOR.
    #[error("a frame is not DAG-CBOR: {0}")]
    NotCbor(&'static str),
    /// A field is missing, twice there, or of another type.
    #[error("a frame is not a message: {0}")]
    WrongShape(&'static str),
    /// More of something than one message may have.
    #[error("a message has more than the {limit} {what} allowed")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        limit: usize,
    },
    /// A DID, revision or path that is none.
    #[error("a message has {0}")]
    Syntax(SyntaxError),
}

impl FrameError {
    /// A short name for metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::NotCbor(_) => "not_cbor",
            Self::WrongShape(_) => "wrong_shape",
            Self::TooMany { .. } => "too_many",
            Self::Syntax(_) => "bad_syntax",
        }
    }
}

impl From<Malformed> for FrameError {
    fn from(Malformed(fault): Malformed) -> Self {
        Self::NotCbor(fault)
    }
}

impl From<SyntaxError> for FrameError {
    fn from(error: SyntaxError) -> Self {
        Self::Syntax(error)
    }
}
