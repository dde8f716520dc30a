//! Where everything is.

use std::path::PathBuf;

use oci::{Algorithm, Digest, UploadId};

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
        self.root.join("blobs").join(algorithm.as_str())
    }

    /// Where blobs are whose hashes begin with a byte.
    pub(super) fn shard(&self, algorithm: Algorithm, first: u8) -> PathBuf {
        self.root.join(format!("blobs/{algorithm}/{first:02x}"))
    }

    pub(super) fn blob(&self, digest: &Digest) -> PathBuf {
        let (algorithm, hex) = (digest.algorithm(), digest.to_hex());
        self.root.join(format!("blobs/{algorithm}/{}/{hex}", &hex[..2]))
    }
}
