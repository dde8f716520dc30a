//! Why a hold refuses.

use crate::Permission;

/// What a hold does not do, and why.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Who asks may not (spec/registry.md §4.3).
    #[error("access denied for {action}: {reason} (required: {})", required.name())]
    Denied {
        /// What was asked for.
        action: &'static str,
        /// Why not.
        reason: &'static str,
        /// What it takes.
        required: Permission,
    },
    /// The member has no room left.
    #[error("the quota of {limit} bytes is not enough: {used} are in use, and this takes {more} more")]
    Quota {
        /// In bytes.
        limit: u64,
        /// Of it.
        used: u64,
        /// What there is no room for.
        more: u64,
    },
    /// Something that an image needs is not here.
    #[error("{0} is not here")]
    Missing(oci::Digest),
    /// The disk or the bucket failed.
    #[error(transparent)]
    Storage(#[from] blobs::StorageError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}
