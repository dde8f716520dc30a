//! URLs that OAuth may use: encrypted, or on this machine.

use url::{Host, Url};

/// Longest accepted URL.
const MAX_BYTES: usize = 2048;

/// An absolute `https` URL, or an `http` one of a loopback host, without credentials and fragment. Whether the host may
/// be connected to is for the guard of outgoing connections to say.
pub(super) fn parse(text: &str) -> Option<Url> {
    let url = parse_uri(text)?;
    let is_protected = url.scheme() == "https" || (url.scheme() == "http" && is_local(&url));
    let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (is_protected && is_plain).then_some(url)
}

/// A URL of any scheme. Spaces, line breaks and tabs, which the parser would drop, are refused: whoever compares texts
/// would take one URL for two.
pub(super) fn parse_uri(text: &str) -> Option<Url> {
    let is_uri = text.len() <= MAX_BYTES && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_uri { Url::parse(text).ok() } else { None }
}

/// Whether `text` is the origin of such a URL and nothing more, in its only spelling: `https://pds.example.com`.
pub(super) fn is_origin(text: &str) -> bool {
    parse(text).is_some_and(|url| url.origin().ascii_serialization() == text)
}

/// Whether the host is this machine, by name or by address.
pub(super) fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_this_machine() {
        for text in ["https://a.test/x?y", "http://localhost:2583/", "http://127.0.0.1/", "http://[::1]:80/a"]
        {
            assert!(parse(text).is_some(), "{text}");
        }
        for text in [
            "http://a.test/",
            "http://127.0.0.1.test/",
            "http://localhost.test",
            "ftp://localhost/",
            "https://user@a.test/",
            "https://:pass@a.test/",
            "https://a.test/#f",
            "/relative",
            "javascript:alert(1)",
            "https://",
            " https://a.test/",
            "https://a.test/\n",
            "https://a.\ttest/",
            "https://a.test/ö",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
        assert!(parse(&format!("https://a.test/{}", "x".repeat(MAX_BYTES))).is_none());
    }

    #[test]
    fn an_origin_has_one_spelling() {
        assert!(is_origin("https://a.test"));
        assert!(is_origin("http://localhost:2583"));
        for text in ["https://a.test/", "https://a.test:443", "https://A.test", "https://a.test/x", "a.test"]
        {
            assert!(!is_origin(text), "{text}");
        }
    }
}
