//! The name of a registry, however a client writes it.

use std::fmt;
use std::net::IpAddr;

use url::Url;

use crate::Error;

/// A host, with its port if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host(String);

impl Host {
    /// Reads `host`, `host:port` or an address with a scheme and a path, which do not count.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let invalid = || Error::Host(text.chars().take(200).collect());
        let trimmed = text.trim();
        let rest = trimmed.split_once("://").map_or(trimmed, |(_, rest)| rest);
        let name = rest.split('/').next().unwrap_or_default();
        let url = Url::parse(&format!("any://{name}")).map_err(|_| invalid())?;
        let is_plain =
            url.username().is_empty() && url.password().is_none() && !name.contains(['?', '#', '@']);
        let host = url.host_str().filter(|host| is_plain && !host.is_empty()).ok_or_else(invalid)?;
        let host = host.to_ascii_lowercase();
        Ok(Self(url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"))))
    }

    /// Where its pages are: on this machine without TLS, which nobody listens to there.
    pub(crate) fn origin(&self) -> String {
        format!("{}://{}", if self.is_loopback() { "http" } else { "https" }, self.0)
    }

    fn is_loopback(&self) -> bool {
        let Ok(url) = Url::parse(&format!("http://{}", self.0)) else { return false };
        let host = url.host_str().unwrap_or_default();
        let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        host == "localhost" || address.is_some_and(|address| address.is_loopback())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_same_however_it_is_written() {
        for (text, name, origin) in [
            ("Registry.example.com", "registry.example.com", "https://registry.example.com"),
            ("https://registry.example.com/v1/\n", "registry.example.com", "https://registry.example.com"),
            ("127.0.0.1:5000", "127.0.0.1:5000", "http://127.0.0.1:5000"),
            ("localhost", "localhost", "http://localhost"),
            ("[::1]:5000", "[::1]:5000", "http://[::1]:5000"),
            ("10.0.0.1:5000", "10.0.0.1:5000", "https://10.0.0.1:5000"),
        ] {
            let host = Host::parse(text).unwrap();
            assert_eq!((host.as_str(), &*host.origin()), (name, origin), "{text}");
        }
        for text in ["", "  ", "/", "a b", "user@host", "host:port", "a?b"] {
            assert!(Host::parse(text).is_err(), "{text}");
        }
    }
}
