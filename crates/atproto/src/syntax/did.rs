//! Decentralized identifiers.

use std::borrow::Cow;
use std::sync::Arc;

use super::SyntaxError;

const KIND: &str = "DID";

/// A DID such as `did:plc:z72i7hdynmk6r22z27h6tvur`: the name of an account that outlives its handle and its host.
///
/// Any method is accepted here; which ones can be resolved is the resolver's business.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Did(Arc<str>);

impl Did {
    /// Longest accepted text.
    pub const MAX_BYTES: usize = 2048;

    /// Parses a DID; DIDs are case-sensitive and kept as they are.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        SyntaxError::check_length(KIND, text, Self::MAX_BYTES)?;
        if text.ends_with('%') {
            return Err(SyntaxError::new(KIND, text, "it must not end with '%'"));
        }
        // The parser refuses '%', which `did:web` needs for a port (`did:web:localhost%3A2583`). Where a '%' may
        // stand, '_' may too.
        let checked =
            if text.contains('%') { Cow::Owned(text.replace('%', "_")) } else { Cow::Borrowed(text) };
        match shrike::syntax::Did::try_from(&*checked) {
            Ok(_) => Ok(Self(text.into())),
            Err(error) => Err(SyntaxError::from_parser(KIND, &checked, &error)),
        }
    }

    /// `plc` of `did:plc:…`.
    #[must_use]
    pub fn method(&self) -> &str {
        self.split().0
    }

    /// What follows the method: `example.com` of `did:web:example.com`.
    #[must_use]
    pub fn identifier(&self) -> &str {
        self.split().1
    }

    fn split(&self) -> (&str, &str) {
        self.0.strip_prefix("did:").and_then(|rest| rest.split_once(':')).unwrap_or_default()
    }
}

super::text_identifier!(Did, "a DID");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_its_parts() {
        let did = Did::parse("did:web:localhost%3A2583").unwrap();
        assert_eq!((did.method(), did.identifier()), ("web", "localhost%3A2583"));
        assert_eq!(did.to_string(), "did:web:localhost%3A2583");
    }

    #[test]
    fn errors_name_the_value_and_the_rule() {
        let error = Did::parse("did:PLC:abc").unwrap_err();
        assert_eq!(error.to_string(), r#""did:PLC:abc" is not a valid DID: method must be lowercase alpha"#);
        let error = Did::parse(&format!("did:plc:{}", "a".repeat(1 << 20))).unwrap_err();
        assert!(error.to_string().len() < 250, "{error}");
        assert_eq!(error.rule(), "it is 1048584 bytes long, at most 2048 are allowed");
    }
}
