//! The signing key of a repository: on which curve, sealed, opened.

use atproto::Did;
use atproto::crypto::PrivateKey;

use crate::{Error, Sealing};

/// Seals a key for its row.
pub(crate) fn seal(sealing: &dyn Sealing, did: &Did, key: &PrivateKey) -> Result<Vec<u8>, Error> {
    sealing.seal(did, &key.to_scalar()).map_err(|cause| Error::Key { did: did.clone(), cause })
}

/// Opens it. `public` is the multikey that the row names, which it must be the private half of.
pub(crate) fn open(
    sealing: &dyn Sealing,
    did: &Did,
    public: &str,
    sealed: &[u8],
) -> Result<PrivateKey, Error> {
    let refused = |cause| Error::Key { did: did.clone(), cause };
    let scalar = sealing.open(did, sealed).map_err(refused)?;
    let scalar: [u8; 32] = scalar.as_slice().try_into().map_err(|_| refused("it has not 32 bytes".into()))?;
    // A scalar is one of both curves, most of the time.
    let candidates = [PrivateKey::k256(&scalar), PrivateKey::p256(&scalar)];
    let key = candidates.into_iter().flatten().find(|key| key.public().multikey() == public);
    key.ok_or_else(|| refused("it is not the one that the row names".into()))
}
