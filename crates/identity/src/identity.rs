//! An account as its DID document describes it.

use atproto::crypto::PublicKey;
use atproto::did_doc::DidDocument;
use atproto::{Did, Handle};
use url::Url;

/// An account as its DID document describes it.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The permanent name.
    pub did: Did,
    /// The handle the document claims. It may be someone else's: show it only after
    /// [`Resolver::verified`](crate::Resolver::verified).
    pub handle: Option<Handle>,
    /// The origin of the server that holds the repository.
    pub pds: Option<Url>,
    /// The key that signs the repository and the account's requests to services.
    pub signing_key: Option<PublicKey>,
    /// The document, for other services and keys.
    pub document: DidDocument,
}

impl From<DidDocument> for Identity {
    fn from(document: DidDocument) -> Self {
        Self {
            did: document.did().clone(),
            handle: document.handle().cloned(),
            pds: document.pds().and_then(|origin| Url::parse(&origin).ok()),
            signing_key: document.signing_key().cloned(),
            document,
        }
    }
}
