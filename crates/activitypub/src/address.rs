//! Addresses of actors, objects and activities.

use std::fmt;
use std::hash::{Hash, Hasher};

use url::{Position, Url};

use crate::excerpt::excerpt;

/// An absolute `http(s)` address. It is written as it was read, because others compare it byte by byte, and compared here by what
/// it means: case and script of the host, default ports and dots in the path make no difference.
#[derive(Debug, Clone)]
pub struct Address {
    /// Only if the text differs from what it means.
    text: Option<Box<str>>,
    url: Url,
}

/// What is no [`Address`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an absolute http(s) address of at most 2,048 bytes without user and password: {0}")]
pub struct AddressError(String);

impl Address {
    /// The longest one, in bytes.
    pub const MAX_BYTES: usize = 2_048;

    /// Reads one.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let refused = || AddressError(excerpt(text));
        if text.len() > Self::MAX_BYTES || text.contains(|c: char| c.is_control() || c.is_whitespace()) {
            return Err(refused());
        }
        let url = Url::parse(text).map_err(|_| refused())?;
        let slashes = text.get(url.scheme().len()..).is_some_and(|rest| rest.starts_with("://"));
        let web = matches!(url.scheme(), "http" | "https") && slashes && !text.contains('\\');
        let anonymous = url.username().is_empty() && url.password().is_none();
        let host = url.host_str().is_some_and(|host| !host.ends_with('.'));
        if !web || !anonymous || !host || url.as_str().len() > Self::MAX_BYTES {
            return Err(refused());
        }
        Ok(Self { text: (url.as_str() != text).then(|| text.into()), url })
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.as_deref().unwrap_or(self.url.as_str())
    }

    /// What it means.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Host, and port if it is not the scheme's own; lower case, in ASCII.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.url[Position::BeforeHost..Position::AfterPort]
    }

    /// Whether both are of one server: scheme, host and port are the same.
    #[must_use]
    pub fn same_host(&self, other: &Self) -> bool {
        self.url.scheme() == other.url.scheme() && self.authority() == other.authority()
    }

    /// The same up to the fragment.
    #[must_use]
    pub fn without_fragment(&self) -> Self {
        let mut url = self.url.clone();
        url.set_fragment(None);
        Self { text: None, url }
    }
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.url == other.url
    }
}

impl Eq for Address {}

impl Hash for Address {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.url.hash(state);
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Address {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_compared_by_what_it_means_and_written_as_it_was() {
        let of = |text| Address::parse(text).unwrap();
        for (one, other) in [
            ("https://bücher.example/a", "https://xn--bcher-kva.example:443/a"),
            ("http://A.example:80/x?y#z", "http://a.example/x?y#z"),
            ("https://a.example", "https://a.example/"),
        ] {
            assert_eq!(of(one), of(other));
            assert!(of(one).same_host(&of(other)));
            assert_eq!((of(one).as_str(), of(other).as_str()), (one, other));
        }
        for (one, other) in [
            ("https://a.example/x", "https://a.example/X"),
            ("https://a.example/x", "http://a.example/x"),
            ("https://a.example/x", "https://a.example:8443/x"),
            ("https://a.example/x", "https://a.example.evil.example/x"),
        ] {
            assert_ne!(of(one), of(other));
        }
    }

    #[test]
    fn leads_to_the_web_only() {
        let long = format!("https://a.example/{}", "x".repeat(Address::MAX_BYTES));
        for bad in [
            "",
            "/a",
            "a.example",
            "ftp://a.example/",
            "javascript:alert(1)",
            "https:a.example",
            "https:\\\\a.example",
            "https://u@a.example/",
            "https://u:p@a.example/",
            "https://a.example./",
            " https://a.example/",
            "https://a.example/\n",
            "https://",
            "did:plc:abc",
            &long,
        ] {
            assert!(Address::parse(bad).is_err(), "{bad:?}");
        }
    }
}
