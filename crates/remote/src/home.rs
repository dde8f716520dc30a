//! Where a repository lives.

use atproto::Did;
use atproto::car::CarError;
use atproto::crypto::PublicKey;
use identity::Identity;
use url::Url;

use crate::RemoteError;

/// Where a repository lives, according to its DID document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The repository.
    pub did: Did,
    /// The origin of its host, a PDS.
    pub host: Url,
    /// The key that signs it. Without one nothing can be proven.
    pub key: Option<PublicKey>,
}

impl Home {
    /// What the document says.
    pub(crate) fn of(identity: &Identity) -> Result<Self, RemoteError> {
        let did = identity.did.clone();
        match &identity.pds {
            Some(host) => Ok(Self { did, host: host.clone(), key: identity.signing_key.clone() }),
            None => Err(RemoteError::NoHost { did }),
        }
    }

    /// The error for what its host says and what cannot be true.
    pub(crate) fn untrusted(&self, reason: &'static str) -> RemoteError {
        RemoteError::Untrusted { did: self.did.clone(), host: Box::new(self.host.clone()), reason }
    }

    /// The error for more than is accepted.
    pub(crate) fn too_large(&self, what: &'static str) -> RemoteError {
        RemoteError::TooLarge { did: self.did.clone(), what }
    }

    /// The error for blocks that are not what they are called.
    pub(crate) fn bad_car(&self, error: &CarError) -> RemoteError {
        match error {
            CarError::TooLarge { .. } | CarError::TooManyBlocks { .. } => self.too_large("its blocks"),
            error => self.untrusted(error.reason()),
        }
    }
}
