//! Handles: domain names as account names.

use std::sync::Arc;

use super::SyntaxError;

const KIND: &str = "handle";

/// Top-level domains no account can have, because nobody can own a name below them.
const RESERVED_TLDS: [&str; 8] =
    ["alt", "arpa", "example", "internal", "invalid", "local", "localhost", "onion"];

/// A handle such as `alice.example.com`, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(Arc<str>);

impl Handle {
    /// Longest accepted text.
    pub const MAX_BYTES: usize = 253;

    /// Shown in place of a handle whose DID document does not confirm it.
    pub const INVALID: &str = "handle.invalid";

    /// Parses a handle in any case; the result is lower case.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        SyntaxError::check_length(KIND, text, Self::MAX_BYTES)?;
        match shrike::syntax::Handle::try_from(text) {
            Ok(handle) => Ok(Self(handle.as_str().into())),
            Err(error) => Err(SyntaxError::from_parser(KIND, text, &error)),
        }
    }

    /// Whether the top-level domain is reserved, so that the handle can never be resolved. (`.test` is not on the
    /// list: it works in development networks.)
    #[must_use]
    pub fn is_reserved(&self) -> bool {
        self.0.rsplit('.').next().is_some_and(|tld| RESERVED_TLDS.contains(&tld))
    }
}

super::text_identifier!(Handle, "a handle");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_lower_case() {
        assert_eq!(Handle::parse("Alice.Example.COM").unwrap().as_str(), "alice.example.com");
    }

    #[test]
    fn knows_reserved_names() {
        assert!(Handle::parse(Handle::INVALID).unwrap().is_reserved());
        assert!(Handle::parse("a.Local").unwrap().is_reserved());
        assert!(!Handle::parse("local.example.com").unwrap().is_reserved());
        assert!(!Handle::parse("alice.test").unwrap().is_reserved());
    }
}
