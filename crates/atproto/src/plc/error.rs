//! Why an operation cannot be made or believed.

use crate::data::DataError;
use crate::{Cid, Did};

/// An operation that the directory would refuse, or that it should have refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlcError {
    /// Not acceptable as JSON, or not of the shape of an operation.
    #[error("the PLC operation cannot be read: {0}")]
    Unreadable(#[from] DataError),
    /// JSON that has no encoding to sign or hash.
    #[error("the PLC operation cannot be encoded: {0}")]
    NotEncodable(String),
    /// Larger than the directory takes.
    #[error("the PLC operation is {bytes} bytes long, at most {limit} are allowed")]
    TooLarge {
        /// Its encoded size.
        bytes: usize,
        /// The bound.
        limit: usize,
    },
    /// More entries than the directory takes.
    #[error("the PLC operation has more than {limit} {list}")]
    TooMany {
        /// Of what.
        list: &'static str,
        /// The bound.
        limit: usize,
    },
    /// A rotation key the operation would name that is none.
    #[error("{0:?} is not a rotation key")]
    RotationKey(String),
    /// A signature in another form than base64url of 64 bytes, or none.
    #[error("the signature of the PLC operation is malformed")]
    SignatureForm,
    /// Not signed by any of the keys that may.
    #[error("the PLC operation {0} is not signed by any of the rotation keys before it")]
    Signature(Cid),
    /// A log without operations.
    #[error("the PLC log of {0} is empty")]
    Empty(Did),
    /// A log whose first operation is that of another DID.
    #[error("the PLC log of {0} begins with the operation of another DID")]
    WrongDid(Did),
    /// An operation that does not follow the one before it.
    #[error("the PLC operation {0} does not follow the one before it")]
    WrongPrevious(Cid),
    /// Operations after the end.
    #[error("the DID {0} was given up: nothing can follow")]
    Tombstoned(Did),
}
