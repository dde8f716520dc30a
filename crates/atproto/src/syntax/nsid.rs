//! Namespaced identifiers of schemas, collections and methods.

use std::sync::Arc;

use super::SyntaxError;

const KIND: &str = "NSID";

/// An NSID such as `app.bsky.feed.post`: a reversed domain name, which is its authority, and a name below it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nsid(Arc<str>);

impl Nsid {
    /// Longest accepted text.
    pub const MAX_BYTES: usize = 317;

    /// Parses an NSID; the authority is case-insensitive and comes out in lower case.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        SyntaxError::check_length(KIND, text, Self::MAX_BYTES)?;
        match shrike::syntax::Nsid::try_from(text) {
            Ok(nsid) => Ok(Self(nsid.as_str().into())),
            Err(error) => Err(SyntaxError::from_parser(KIND, text, &error)),
        }
    }

    /// The domain that may define this NSID, in the order of DNS: `feed.bsky.app` of `app.bsky.feed.post`.
    #[must_use]
    pub fn authority(&self) -> String {
        let labels: Vec<&str> = self.0.rsplit('.').skip(1).collect();
        labels.join(".")
    }

    /// The last segment: `post` of `app.bsky.feed.post`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or_default()
    }
}

super::text_identifier!(Nsid, "an NSID");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_its_parts() {
        let nsid = Nsid::parse("COM.Example.fooBar").unwrap();
        assert_eq!(nsid.as_str(), "com.example.fooBar");
        assert_eq!(nsid.authority(), "example.com");
        assert_eq!(nsid.name(), "fooBar");
    }
}
