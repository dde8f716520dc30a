//! The services whose methods a scope is about.

use std::fmt;

use crate::Did;

/// One service: a DID and the fragment of an entry of its DID document, `did:web:api.example.com#appview`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceRef(String);

/// The services of an `rpc` scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Every service: `*`.
    Any,
    /// This one.
    Service(ServiceRef),
}

impl ServiceRef {
    /// Reads `did:…#…`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (did, fragment) = text.split_once('#')?;
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let is_fragment = (1..=128).contains(&fragment.len()) && fragment.bytes().all(allowed);
        (is_fragment && Did::parse(did).is_ok()).then(|| Self(text.to_owned()))
    }

    /// The service as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Audience {
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text == "*" { Some(Self::Any) } else { ServiceRef::parse(text).map(Self::Service) }
    }

    pub(super) fn covers(&self, other: &Self) -> bool {
        *self == Self::Any || self == other
    }
}

impl fmt::Display for ServiceRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
