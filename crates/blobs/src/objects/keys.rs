//! What objects are called.

use object_store::path::Path;
use oci::{Algorithm, Digest, UploadId};

/// Below this are blobs.
pub(super) const BLOBS: &str = "blobs";

/// Below this are uploads.
pub(super) const UPLOADS: &str = "uploads";

/// `blobs/<algorithm>/<first two digits>/<all digits>`.
pub(super) fn blob(digest: &Digest) -> Path {
    let hex = digest.to_hex();
    Path::from_iter([BLOBS, digest.algorithm().as_str(), &hex[..2], &hex])
}

/// The address that an object's name is of, if it is that of a blob.
pub(super) fn digest(path: &Path) -> Option<Digest> {
    let mut parts = path.as_ref().split('/').skip(1);
    let algorithm = Algorithm::parse(parts.next()?).ok()?;
    let digest = Digest::parse(&format!("{algorithm}:{}", parts.nth(1)?)).ok()?;
    (blob(&digest) == *path).then_some(digest)
}

/// Where the parts of an upload become one object.
pub(super) fn whole(id: UploadId) -> Path {
    Path::from_iter([UPLOADS, &id.to_string(), "whole"])
}

/// What comes behind the parts of an upload. Its name is used once, so that nobody who comes late writes over it.
pub(super) fn tail(id: UploadId, name: &str) -> Path {
    Path::from_iter([UPLOADS, &id.to_string(), name])
}

/// The upload that an object belongs to, by its name.
pub(super) fn upload(path: &str) -> Option<UploadId> {
    let mut parts = path.split('/');
    if parts.next()? != UPLOADS {
        return None;
    }
    UploadId::parse(parts.next()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_they_are_written() {
        for algorithm in Algorithm::ALL {
            let address = Digest::of(algorithm, b"something");
            assert_eq!(digest(&blob(&address)), Some(address));
        }
        let hex = Digest::of(Algorithm::Sha256, b"something").to_hex();
        for other in [
            format!("blobs/sha256/{hex}"),
            format!("blobs/sha256/00/{hex}"),
            format!("blobs/sha512/{}/{hex}", &hex[..2]),
            format!("else/sha256/{}/{hex}", &hex[..2]),
            format!("blobs/sha256/{}/{hex}/data", &hex[..2]),
            "blobs".to_owned(),
        ] {
            assert_eq!(digest(&Path::from(other.as_str())), None, "{other}");
        }
        let id = UploadId::from([7; 16]);
        for path in [whole(id), tail(id, "9")] {
            assert_eq!(upload(path.as_ref()), Some(id));
        }
        assert_eq!(upload("uploads/none/whole"), None);
        assert_eq!(upload(&format!("avatars/{id}")), None);
    }
}
