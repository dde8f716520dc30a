//! Where everything is.

use std::path::PathBuf;

use data_encoding::HEXLOWER;

use super::UploadId;
use crate::{Algorithm, Digest};

/// `blobs/<algorithm>/<first two digits>/<all digits>` and `uploads/<id>`. Nothing but digests and ids becomes part of a path.
pub(super) struct Layout {
    root: PathBuf,
}

impl Layout {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    pub(super) fn uploads(&self) -> PathBuf {
        self.root.join("uploads")
    }

    pub(super) fn upload(&self, id: UploadId) -> PathBuf {
        self.root.join(format!("uploads/{id}"))
    }

    pub(super) fn algorithm(&self, algorithm: Algorithm) -> PathBuf {
        self.root.join("blobs").join(algorithm.name())
    }

    /// Where blobs are whose hashes begin with a byte.
    pub(super) fn shard(&self, algorithm: Algorithm, first: u8) -> PathBuf {
        self.root.join(format!("blobs/{}/{first:02x}", algorithm.name()))
    }

    pub(super) fn blob(&self, digest: &Digest) -> PathBuf {
        let (name, hex) = (digest.algorithm().name(), HEXLOWER.encode(digest.hash()));
        self.root.join(format!("blobs/{name}/{}/{hex}", &hex[..2]))
    }
}
