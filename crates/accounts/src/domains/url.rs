//! What can be a domain.

use ::url::{Host, Url};

use crate::Error;

/// The origin of a URL as it is stored and as browsers send it.
pub(super) fn origin(url: &Url) -> Result<String, Error> {
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(Error::DomainUrl(format!("{url} is not an http or https URL")));
    }
    Ok(url.origin().ascii_serialization())
}

/// Whether a URL leads to the machine it is used on.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// The origin that an operator wrote. Anything that would not be part of it is a mistake.
pub(super) fn parse(text: &str, http_allowed: bool) -> Result<String, Error> {
    let wrong = |problem: &str| Err(Error::DomainUrl(problem.to_owned()));
    let Ok(url) = Url::parse(text) else {
        return wrong("a domain is a URL such as https://app.example.com");
    };
    let origin = origin(&url)?;
    if url.scheme() != "https" && !http_allowed {
        return wrong("a domain must be an https URL, except where PUBLIC_URL is on loopback");
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return wrong("a domain has no path, query or fragment");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("a domain has no user name or password");
    }
    Ok(origin)
}

/// The host of a `Host` header or of what follows `://`: lower case, no port, no dot at the end.
pub(super) fn host(authority: &str) -> String {
    let authority = authority.trim();
    let end = match authority.rfind(']') {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    authority[..end].trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_lose_port_and_case() {
        for (authority, expected) in [
            ("App.Example.com", "app.example.com"),
            ("app.example.com:8443", "app.example.com"),
            ("app.example.com.", "app.example.com"),
            ("[::1]:3000", "[::1]"),
            ("[::1]", "[::1]"),
            ("127.0.0.1:3000", "127.0.0.1"),
            ("", ""),
            (":80", ""),
        ] {
            assert_eq!(host(authority), expected, "{authority}");
        }
    }

    #[test]
    fn only_an_origin_is_a_domain() {
        assert_eq!(parse("https://App.Example.com/", false).unwrap(), "https://app.example.com");
        assert_eq!(parse("https://app.example.com:443", false).unwrap(), "https://app.example.com");
        assert_eq!(parse("http://127.0.0.1:3000", true).unwrap(), "http://127.0.0.1:3000");
        for bad in [
            "app.example.com",
            "https://",
            "ftp://app.example.com",
            "http://app.example.com",
            "https://app.example.com/path",
            "https://app.example.com/?q",
            "https://app.example.com/#f",
            "https://me@app.example.com",
            "data:text/plain,x",
        ] {
            assert!(matches!(parse(bad, false), Err(Error::DomainUrl(_))), "{bad}");
        }
    }
}
