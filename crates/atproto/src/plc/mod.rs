//! The operations that a `did:plc` consists of: each is signed by a key of the one before it, and the first one's hash
//! is the DID.

mod chain;
mod error;
mod operation;
mod signed;

pub use chain::latest;
pub use error::PlcError;
pub use operation::{Operation, Service};
pub use signed::SignedOperation;
