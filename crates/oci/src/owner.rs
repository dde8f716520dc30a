//! Whose a repository is, as its name says it (spec/registry.md §0.1).

use std::fmt;

/// The first component of a name. Clients of containers know no colons, so a DID has a spelling without them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner<'n> {
    /// A handle, or the name of an account of this server.
    Handle(&'n str),
    /// A DID as it is.
    Did(&'n str),
    /// A DID whose first two colons were written as hyphens; nothing else can be meant.
    Hyphenated {
        /// The DID with its colons.
        did: String,
    },
    /// `did-web-example.com`: the DID, if that resolves, and otherwise the handle.
    HyphenatedOrHandle {
        /// The DID with its colons.
        did: String,
        /// The same text, taken as a handle.
        handle: &'n str,
    },
}

impl<'n> Owner<'n> {
    /// What a component that may stand in a name says.
    pub(crate) fn of_component(text: &'n str) -> Self {
        if is_did_spelling(text) {
            return Self::Did(text);
        }
        let dotted = text.contains('.');
        if let Some(id) = text.strip_prefix("did-plc-")
            && !dotted
        {
            return Self::Hyphenated { did: format!("did:plc:{id}") };
        }
        match text.strip_prefix("did-web-") {
            Some(host) if dotted => Self::HyphenatedOrHandle { did: format!("did:web:{host}"), handle: text },
            Some(host) => Self::Hyphenated { did: format!("did:web:{host}") },
            None => Self::Handle(text),
        }
    }

    /// The DID that the name spells, if it spells one.
    #[must_use]
    pub fn did(&self) -> Option<&str> {
        match self {
            Self::Handle(_) => None,
            Self::Did(did) => Some(did),
            Self::Hyphenated { did } | Self::HyphenatedOrHandle { did, .. } => Some(did),
        }
    }

    /// The handle that the name may be.
    #[must_use]
    pub fn handle(&self) -> Option<&'n str> {
        match self {
            Self::Handle(handle) | Self::HyphenatedOrHandle { handle, .. } => Some(handle),
            Self::Did(_) | Self::Hyphenated { .. } => None,
        }
    }
}

/// Whether it wants to be a DID with colons.
pub(crate) fn is_did_spelling(text: &str) -> bool {
    text.starts_with("did:")
}

/// Whether it is a DID by the AT Protocol's syntax.
pub(crate) fn is_did(text: &str) -> bool {
    let Some((method, id)) = text.strip_prefix("did:").and_then(|rest| rest.split_once(':')) else {
        return false;
    };
    let character =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'%' | b'-');
    !method.is_empty()
        && method.bytes().all(|byte| byte.is_ascii_lowercase())
        && !id.is_empty()
        && id.bytes().all(character)
        && !id.ends_with([':', '%'])
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.did().or(self.handle()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use crate::RepositoryName;

    #[test]
    fn is_read_as_the_table_says() {
        for (component, did, handle) in [
            ("alice.example.com", None, Some("alice.example.com")),
            ("alice", None, Some("alice")),
            ("did:plc:abc234", Some("did:plc:abc234"), None),
            ("did:web:localhost%3A80", Some("did:web:localhost%3A80"), None),
            ("did-plc-abc234", Some("did:plc:abc234"), None),
            ("did-plc-abc-234", Some("did:plc:abc-234"), None),
            ("did-plc-abc.example.com", None, Some("did-plc-abc.example.com")),
            ("did-web-example.com", Some("did:web:example.com"), Some("did-web-example.com")),
            ("did-web-my-host.example", Some("did:web:my-host.example"), Some("did-web-my-host.example")),
            ("did-web-localhost", Some("did:web:localhost"), None),
            ("did-plc", None, Some("did-plc")),
            ("did-key-zabc", None, Some("did-key-zabc")),
        ] {
            let name = RepositoryName::parse(&format!("{component}/app")).unwrap();
            let owner = name.owner();
            assert_eq!((owner.did(), owner.handle()), (did, handle), "{component}");
        }
    }
}
