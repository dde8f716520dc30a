//! A host that is exempted by its name.

use std::str::FromStr;

use url::{Host, Url};

/// One host, `HOST` or `HOST:PORT`: a name or an address, exactly. Without a port, that of the URL's scheme is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedHost {
    host: Host,
    port: Option<u16>,
}

/// Text that names no host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a host, such as wiki.internal or 10.0.0.7:8080")]
pub struct NotAHost(String);

impl NamedHost {
    /// The host and port that a URL leads to, if it leads to one.
    #[must_use]
    pub fn of(url: &Url) -> Option<Self> {
        Some(Self { host: url.host()?.to_owned(), port: url.port_or_known_default() })
    }

    /// Whether the URL leads there.
    pub(crate) fn is_of(&self, url: &Url) -> bool {
        let port = match self.port {
            Some(port) => url.port_or_known_default() == Some(port),
            None => url.port().is_none(),
        };
        port && url.host().is_some_and(|host| host.to_owned() == self.host)
    }
}

impl FromStr for NamedHost {
    type Err = NotAHost;

    fn from_str(text: &str) -> Result<Self, NotAHost> {
        let wrong = || NotAHost(text.chars().take(100).collect());
        if text.chars().any(|c| "/\\?#@*%".contains(c) || c.is_whitespace() || c.is_control()) {
            return Err(wrong());
        }
        // A URL hides the port that its scheme has anyway; of two schemes one shows it.
        let url = |scheme: &str| Url::parse(&format!("{scheme}://{text}")).map_err(|_| wrong());
        let (plain, tls) = (url("http")?, url("https")?);
        let host = plain.host().ok_or_else(wrong)?.to_owned();
        Ok(Self { host, port: plain.port().or(tls.port()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(host: &str, url: &str) -> bool {
        host.parse::<NamedHost>().unwrap().is_of(&Url::parse(url).unwrap())
    }

    #[test]
    fn a_host_is_itself_only() {
        for (host, url) in [
            ("wiki.internal", "http://WIKI.internal/a"),
            ("Wiki.Internal", "https://wiki.internal:443/"),
            ("wiki.internal:80", "http://wiki.internal/"),
            ("10.0.0.7:8080", "http://10.0.0.7:8080/"),
            ("10.0.0.7", "http://0x0a000007/"),
            ("[fd00::7]:8080", "http://[fd00::7]:8080/"),
        ] {
            assert!(is(host, url), "{host} {url}");
        }
        for (host, url) in [
            ("wiki.internal", "http://wiki.internal:8080/"),
            ("wiki.internal:80", "https://wiki.internal/"),
            ("wiki.internal", "http://a.wiki.internal/"),
            ("wiki.internal", "http://wiki.internal.example.com/"),
            ("wiki.internal", "http://wiki.internal@evil.example/"),
            ("10.0.0.7", "http://10.0.0.8/"),
        ] {
            assert!(!is(host, url), "{host} {url}");
        }
    }

    #[test]
    fn a_url_leads_to_one() {
        for url in ["https://git.internal/x", "http://10.0.0.7:8080/", "https://[fd00::7]/"] {
            let url = Url::parse(url).unwrap();
            assert!(NamedHost::of(&url).unwrap().is_of(&url), "{url}");
        }
        let (plain, tls) = ("http://git.internal/", "https://git.internal/");
        let [plain, tls] = [plain, tls].map(|url| Url::parse(url).unwrap());
        assert!(!NamedHost::of(&tls).unwrap().is_of(&plain), "another port is another server");
        assert_eq!(NamedHost::of(&Url::parse("data:x").unwrap()), None);
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "*",
            "*.internal",
            "http://wiki",
            "wiki/",
            "a b",
            "u@wiki",
            "wiki:x",
            "wiki:70000",
            "10.0.0.0/8",
        ] {
            assert!(text.parse::<NamedHost>().is_err(), "{text}");
        }
    }
}
