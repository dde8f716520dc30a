//! Where somebody is: addresses, URLs, hosts, and paths in front of others.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use outbound::{NamedHost, NotAHost};
use server::{NotANetwork, TrustedProxies};
use url::Url;

use super::{Read, is_not};

/// A longer path in front of every other is a mistake.
const MAX_PATH_BYTES: usize = 200;

pub(in crate::config) fn address(text: &str) -> Read<IpAddr> {
    match text {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        _ => text
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse()
            .map_err(|_| is_not(text, "an IP address, such as 127.0.0.1 or 0.0.0.0")),
    }
}

pub(in crate::config) fn dns_server(text: &str) -> Read<SocketAddr> {
    let with_port = text.parse().ok();
    let without = || text.parse().ok().map(|address: IpAddr| SocketAddr::new(address, 53));
    with_port.or_else(without).ok_or_else(|| is_not(text, "an address such as 127.0.0.1 or 127.0.0.1:5353"))
}

pub(in crate::config) fn web_url(text: &str) -> Read<Url> {
    url(text, &["https", "http"])
}

fn websocket_url(text: &str) -> Read<Url> {
    url(text, &["wss", "ws"])
}

/// One or more, with commas between them.
pub(in crate::config) fn websocket_urls(text: &str) -> Read<Vec<Url>> {
    text.split(',').map(|part| websocket_url(part.trim())).collect()
}

/// A web URL that is only scheme, host and port.
pub(in crate::config) fn origin(text: &str) -> Read<Url> {
    let url = web_url(text)?;
    if url.path() == "/" && url.query().is_none() && url.fragment().is_none() {
        Ok(url)
    } else {
        Err(is_not(text, "an origin: leave out what follows the host and port"))
    }
}

fn url(text: &str, schemes: &[&str]) -> Read<Url> {
    let url = Url::parse(text).ok().filter(|url| schemes.contains(&url.scheme()) && url.has_host());
    let url = url.ok_or_else(|| is_not(text, &format!("a URL that begins with {}", prefixes(schemes))))?;
    if url.username().is_empty() && url.password().is_none() {
        Ok(url)
    } else {
        Err("a user name or password in this URL is not supported".to_owned())
    }
}

fn prefixes(schemes: &[&str]) -> String {
    schemes.iter().map(|scheme| format!("{scheme}://")).collect::<Vec<_>>().join(" or ")
}

/// A path in front of all others.
pub(in crate::config) fn base_path(text: &str) -> Read<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let segment = |part: &str| !matches!(part, "" | "." | "..") && part.bytes().all(plain);
    let path = text.strip_prefix('/').filter(|rest| rest.split('/').all(segment));
    match path {
        Some(_) if text.len() <= MAX_PATH_BYTES => Ok(text.to_owned()),
        _ => Err(is_not(text, "a path such as /view, with a slash in front and none at the end")),
    }
}

/// Whose word counts about the addresses of clients.
pub(in crate::config) fn trusted_proxies(text: &str) -> Read<TrustedProxies> {
    text.parse().map_err(|error: NotANetwork| error.to_string())
}

/// At least one, with commas in between.
pub(in crate::config) fn hosts(text: &str) -> Read<Vec<NamedHost>> {
    text.split(',').map(|host| host.trim().parse().map_err(|error: NotAHost| error.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(address("localhost").unwrap().to_string(), "127.0.0.1");
        assert_eq!(address("[::1]").unwrap().to_string(), "::1");
        assert!(address("example.com").unwrap_err().contains("an IP address"));
        assert_eq!(dns_server("1.1.1.1").unwrap().to_string(), "1.1.1.1:53");
        assert_eq!(dns_server("::1").unwrap().to_string(), "[::1]:53");
        assert_eq!(dns_server("127.0.0.1:5353").unwrap().port(), 5353);
        assert!(dns_server("dns.example").is_err());
    }

    #[test]
    fn urls() {
        assert!(web_url("https://plc.directory").is_ok());
        assert!(websocket_url("ws://127.0.0.1:1").is_ok());
        assert_eq!(
            web_url("plc.directory").unwrap_err(),
            "`plc.directory` is not a URL that begins with https:// or http://"
        );
        assert!(web_url("wss://x").is_err());
        assert!(websocket_url("https://x").is_err());
        assert!(origin("https://example.com").is_ok());
        assert!(origin("https://example.com/path").unwrap_err().contains("origin"));
    }

    #[test]
    fn base_paths() {
        for good in ["/view", "/a/b", "/hv.1-x_y~z"] {
            assert_eq!(base_path(good).as_deref(), Ok(good));
        }
        for bad in ["/", "view", "/view/", "//", "/a//b", "/..", "/a/./b", "/a b", "/é", "/a?b", "/%61"] {
            assert!(base_path(bad).unwrap_err().contains("a slash in front"), "{bad}");
        }
        assert!(base_path(&format!("/{}", "a".repeat(MAX_PATH_BYTES))).is_err());
    }

    #[test]
    fn many_hosts() {
        assert_eq!(hosts("wiki.internal, 10.0.0.7:8080").unwrap().len(), 2);
        for bad in ["wiki,", "10.0.0.0/8", "http://wiki", "*.internal"] {
            assert!(hosts(bad).unwrap_err().contains("is not a host"), "{bad}");
        }
    }
}
