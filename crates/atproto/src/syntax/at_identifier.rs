//! An account named by DID or by handle.

use std::fmt;

use super::{Did, Handle, SyntaxError};

/// Either name of an account: what AT URIs begin with and many XRPC parameters take.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AtIdentifier {
    /// The permanent name.
    Did(Did),
    /// A name that may change hands; resolve it before trusting or storing it.
    Handle(Handle),
}

impl AtIdentifier {
    /// Parses text that begins with `did:` as a DID and anything else as a handle.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        if text.starts_with("did:") {
            Did::parse(text).map(Self::Did)
        } else {
            Handle::parse(text).map(Self::Handle)
        }
    }

    /// The DID, unless this is a handle.
    #[must_use]
    pub fn did(&self) -> Option<&Did> {
        match self {
            Self::Did(did) => Some(did),
            Self::Handle(_) => None,
        }
    }

    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Did(did) => did.as_str(),
            Self::Handle(handle) => handle.as_str(),
        }
    }
}

impl fmt::Display for AtIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

super::text_impls!(AtIdentifier, "a DID or a handle");
