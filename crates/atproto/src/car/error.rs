//! Why a CAR file is refused.

use crate::Cid;

/// A CAR file that must be dropped. Nothing of it has been looked at but what came before the fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CarError {
    /// Together with what is already held, beyond [`Limits::bytes`](super::Limits::bytes).
    #[error("the CAR files are {bytes} bytes long, at most {limit} are allowed")]
    TooLarge {
        /// All files, this one included.
        bytes: usize,
        /// The bound.
        limit: usize,
    },
    /// Beyond [`Limits::blocks`](super::Limits::blocks).
    #[error("the CAR files have more than {limit} blocks")]
    TooManyBlocks {
        /// The bound.
        limit: usize,
    },
    /// No header of a CAR file of version 1.
    #[error("the CAR header is malformed: {0}")]
    Header(&'static str),
    /// A length that cannot be, or a file that ends in the middle of a block.
    #[error("the CAR block at byte {offset} is malformed: {fault}")]
    Block {
        /// Where its length stands.
        offset: usize,
        /// What is wrong.
        fault: &'static str,
    },
    /// A CID of another version, content type or hash than the protocol's: nothing of a repository has one,
    /// and an identity hash would let a block vouch for itself.
    #[error("the CAR block at byte {offset} has a CID other than version 1 with SHA-256 of dag-cbor or raw")]
    Cid {
        /// Where its length stands.
        offset: usize,
    },
    /// Content that is not what its CID says.
    #[error("the content of the CAR block {0} has another hash")]
    Mismatch(Cid),
}

impl CarError {
    /// A short name for metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::TooManyBlocks { .. } => "too_many_blocks",
            Self::Header(_) => "car_header",
            Self::Block { .. } => "car_block",
            Self::Cid { .. } => "unsupported_cid",
            Self::Mismatch(_) => "cid_mismatch",
        }
    }
}
