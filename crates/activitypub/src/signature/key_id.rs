//! The name of a key, which is also where it is found.

use std::fmt;

use crate::Address;

use super::SignatureError;

/// The address of a key: most often an actor's, with a fragment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyId(Address);

impl KeyId {
    /// Reads what a signature says.
    pub fn parse(text: &str) -> Result<Self, SignatureError> {
        Address::parse(text).map(Self).map_err(|_| SignatureError::KeyId)
    }

    /// Where to fetch it: the same without the fragment.
    #[must_use]
    pub fn document(&self) -> Address {
        self.0.without_fragment()
    }

    /// The address itself.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.0
    }

    /// Whether `owner` may have this key, and a key that says it is `published` and its owner is `owner` is this one: both have
    /// to be on one host, and the id has to be the same.
    #[must_use]
    pub fn belongs_to(&self, published: &Address, owner: &Address) -> bool {
        self.0 == *published && self.0.same_host(owner)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_to_its_document_and_to_owners_on_its_host() {
        let id = KeyId::parse("https://Peer.example:443/users/bob#main-key").unwrap();
        assert_eq!(id.document().as_str(), "https://peer.example/users/bob");
        let owner = Address::parse("https://peer.example/users/bob").unwrap();
        let published = Address::parse("https://peer.example/users/bob#main-key").unwrap();
        assert!(id.belongs_to(&published, &owner));
        assert!(!id.belongs_to(&owner, &owner));
        for foreign in
            ["https://other.example/users/bob", "https://peer.example:444/b", "http://peer.example/b"]
        {
            assert!(!id.belongs_to(&published, &Address::parse(foreign).unwrap()), "{foreign}");
        }
        for bad in
            ["", "main-key", "acct:bob@peer.example", "https://a:b@peer.example/#k", "ftp://peer.example/"]
        {
            assert_eq!(KeyId::parse(bad), Err(SignatureError::KeyId), "{bad}");
        }
    }
}
