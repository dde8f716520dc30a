//! What a path below `/v2/` asks for (spec/registry.md §1.2).

mod access;
mod parse;

use std::fmt;

use crate::{Digest, Reference, RepositoryName, UploadId};

/// One of the protocol's endpoints with what its path names. Printed it is its path, as `Location` needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Whether there is a registry, and what it wants to know first.
    Ping,
    /// All repositories the caller may see.
    Catalog,
    /// What there is beyond the protocol, in all or for one repository.
    Extensions(Option<RepositoryName>),
    /// A blob.
    Blob {
        /// The repository.
        name: RepositoryName,
        /// The content.
        digest: Digest,
    },
    /// Where uploads start.
    Uploads {
        /// The repository.
        name: RepositoryName,
    },
    /// An upload that is under way.
    Upload {
        /// The repository.
        name: RepositoryName,
        /// The upload.
        id: UploadId,
    },
    /// A manifest.
    Manifest {
        /// The repository.
        name: RepositoryName,
        /// Which one.
        reference: Reference,
    },
    /// The tags of a repository.
    Tags {
        /// The repository.
        name: RepositoryName,
    },
    /// The manifests that are about one digest.
    Referrers {
        /// The repository.
        name: RepositoryName,
        /// What they are about.
        digest: Digest,
    },
}

impl Route {
    /// The repository it is about.
    #[must_use]
    pub fn name(&self) -> Option<&RepositoryName> {
        match self {
            Self::Ping | Self::Catalog | Self::Extensions(None) => None,
            Self::Extensions(Some(name))
            | Self::Blob { name, .. }
            | Self::Uploads { name }
            | Self::Upload { name, .. }
            | Self::Manifest { name, .. }
            | Self::Tags { name }
            | Self::Referrers { name, .. } => Some(name),
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("/v2/")?;
        if let Some(name) = self.name() {
            write!(f, "{}/", name.in_path())?;
        }
        match self {
            Self::Ping => Ok(()),
            Self::Catalog => f.write_str("_catalog"),
            Self::Extensions(_) => f.write_str("_oci/ext/discover"),
            Self::Blob { digest, .. } => write!(f, "blobs/{digest}"),
            Self::Uploads { .. } => f.write_str("blobs/uploads/"),
            Self::Upload { id, .. } => write!(f, "blobs/uploads/{id}"),
            Self::Manifest { reference, .. } => write!(f, "manifests/{reference}"),
            Self::Tags { .. } => f.write_str("tags/list"),
            Self::Referrers { digest, .. } => write!(f, "referrers/{digest}"),
        }
    }
}
