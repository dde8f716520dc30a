//! Reads the text of a setting, or says what is wrong with it and what would be right.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use store::StoreConfig;
use tracing_subscriber::EnvFilter;
use url::Url;

type Read<T> = Result<T, String>;

/// More threads or connections than this help nobody.
const MAX_CONNECTIONS: usize = 1000;

pub(super) fn is_not(text: &str, expected: &str) -> String {
    format!("`{text}` is not {expected}")
}

pub(super) fn switch(text: &str) -> Read<bool> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(is_not(text, "true or false")),
    }
}

pub(super) fn port(text: &str) -> Read<u16> {
    text.parse().map_err(|_| is_not(text, "a port from 0 to 65535"))
}

pub(super) fn connections(text: &str) -> Read<usize> {
    let number = text.parse().ok().filter(|number| (1..=MAX_CONNECTIONS).contains(number));
    number.ok_or_else(|| is_not(text, "a number from 1 to 1000"))
}

pub(super) fn address(text: &str) -> Read<IpAddr> {
    match text {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        _ => text
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse()
            .map_err(|_| is_not(text, "an IP address, such as 127.0.0.1 or 0.0.0.0")),
    }
}

pub(super) fn dns_server(text: &str) -> Read<SocketAddr> {
    let with_port = text.parse().ok();
    let without = || text.parse().ok().map(|address: IpAddr| SocketAddr::new(address, 53));
    with_port.or_else(without).ok_or_else(|| is_not(text, "an address such as 127.0.0.1 or 127.0.0.1:5353"))
}

pub(super) fn web_url(text: &str) -> Read<Url> {
    url(text, &["https", "http"])
}

pub(super) fn websocket_url(text: &str) -> Read<Url> {
    url(text, &["wss", "ws"])
}

/// A web URL that is only scheme, host and port.
pub(super) fn origin(text: &str) -> Read<Url> {
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

/// The text may hold a password, so that messages must not repeat it.
pub(super) fn database(text: &str) -> Read<StoreConfig> {
    StoreConfig::from_url(text).map_err(|error| error.to_string())
}

/// As for the database: never repeated.
pub(super) fn cache(text: &str) -> Read<String> {
    let schemes = ["redis", "rediss", "valkey", "valkeys", "unix"];
    match Url::parse(text) {
        Ok(url) if schemes.contains(&url.scheme()) => Ok(text.to_owned()),
        _ => Err("expected the URL of a Valkey or Redis server: redis://HOST:PORT/DATABASE".to_owned()),
    }
}

pub(super) fn header(text: &str) -> Read<String> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        Ok(text.to_owned())
    } else {
        Err(is_not(text, "printable ASCII"))
    }
}

pub(super) fn log_filter(text: &str) -> Read<String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(format!("{}: {error}", is_not(text, "a log filter such as info,records=debug"))),
    }
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
    fn secrets_are_not_repeated() {
        for error in [
            web_url("https://me:secret@plc.directory").unwrap_err(),
            cache("http://:secret@host").unwrap_err(),
            database("mysql://me:secret@host/db").unwrap_err(),
        ] {
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn numbers_and_words() {
        assert!(port("65536").is_err() && port("-1").is_err() && port("").is_err());
        assert!(connections("0").is_err() && connections("1001").is_err());
        assert_eq!(connections("7"), Ok(7));
        assert_eq!(switch("YES"), Ok(true));
        assert_eq!(switch("off"), Ok(false));
        assert!(switch("maybe").is_err());
        assert!(header("a\nb").is_err());
        assert!(log_filter("info,records=debug").is_ok());
        assert!(log_filter("records=loud").is_err());
    }
}
