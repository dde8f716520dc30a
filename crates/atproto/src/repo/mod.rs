//! Repositories: the signed commit that vouches for a tree of records.
//!
//! The reading is ours because a signature is checked over the very bytes that were signed, so that fields of
//! a later day do not break it; `shrike` encodes the fields it knows anew.

mod commit;
mod error;
mod sign;

pub use commit::{Commit, SignedCommit};
pub use error::RepoError;
pub use sign::SignedBlock;
