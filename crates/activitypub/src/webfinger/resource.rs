//! Whom somebody asks for.

use crate::Address;

use super::Handle;

/// The `resource` of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// A handle, with or without `acct:`.
    Handle(Handle),
    /// The address of an actor or of a profile.
    Address(Address),
}

impl Resource {
    /// Reads one; `None` if it is neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(address) = Address::parse(text) {
            return Some(Self::Address(address));
        }
        Handle::parse(text).ok().map(Self::Handle)
    }

    /// The handle, or that of the profile `BASE/@user` of a server at `base`, which has no slash at its end.
    #[must_use]
    pub fn handle(&self, base: &Address) -> Option<Handle> {
        match self {
            Self::Handle(handle) => Some(handle.clone()),
            Self::Address(address) if address.same_host(base) => {
                let below = address.url().path().strip_prefix(base.url().path().trim_end_matches('/'))?;
                Handle::new(below.strip_prefix("/@")?, base.authority())
            }
            Self::Address(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_handle_or_an_address() {
        let base = Address::parse("https://a.example/social").unwrap();
        let alice = Handle::parse("@alice@a.example").ok();
        for (text, handle) in [
            ("acct:alice@a.example", &alice),
            ("@alice@a.example", &alice),
            ("https://a.example/social/@alice", &alice),
            ("https://a.example/@alice", &None),
            ("https://a.example/social/users/1", &None),
            ("https://b.example/social/@alice", &None),
        ] {
            assert_eq!(Resource::parse(text).unwrap().handle(&base), *handle, "{text}");
        }
        for bad in ["", "alice", "mailto:alice@a.example/", "javascript:1"] {
            assert_eq!(Resource::parse(bad), None, "{bad}");
        }
    }
}
