//! Reads the text of a setting, or says what is wrong with it and what would be right.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use atproto::crypto::PrivateKey;
use atproto::{Did, Nsid};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use outbound::{NamedHost, NotAHost};
use remote::Mode;
use serde_json::{Map, Value};
use server::{NotANetwork, TrustedProxies};
use store::StoreConfig;
use tracing_subscriber::EnvFilter;
use url::Url;

use super::Secret;

type Read<T> = Result<T, String>;

/// More threads or connections than this help nobody.
const MAX_CONNECTIONS: usize = 1000;

/// Background jobs that one server runs at the same time.
const MAX_JOBS: u32 = 32;

/// A shorter secret can be guessed.
const MIN_SECRET_BYTES: usize = 32;

/// A century: what is older than that is kept for ever.
const MAX_DAYS: u32 = 36_500;

/// Nobody waits longer for an answer.
const MAX_SECONDS: u64 = 3600;

/// Divided by more, an hour is no time at all.
const MAX_TIME_SCALE: u32 = 1_000_000;

/// A longer path in front of every other is a mistake.
const MAX_PATH_BYTES: usize = 200;

pub(super) fn is_not(text: &str, expected: &str) -> String {
    format!("`{text}` is not {expected}")
}

/// Whether it is there is found out when it is looked into, and may change.
pub(super) fn folder(text: &str) -> Read<PathBuf> {
    if text.trim().is_empty() { Err(is_not(text, "the path of a folder")) } else { Ok(PathBuf::from(text)) }
}

pub(super) fn json_object(text: &str) -> Read<Map<String, Value>> {
    serde_json::from_str(text).map_err(|_| is_not(text, "a JSON object, such as {\"disableAnalytics\":true}"))
}

pub(super) fn switch(text: &str) -> Read<bool> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(is_not(text, "true or false")),
    }
}

/// Whether something is used where it is there.
pub(super) fn auto_or_off(text: &str) -> Read<bool> {
    match text {
        "auto" => Ok(true),
        "off" => Ok(false),
        _ => Err(is_not(text, "auto or off")),
    }
}

pub(super) fn mode(text: &str) -> Read<Mode> {
    text.parse().map_err(|_| is_not(text, "auto, pages, export or blocks"))
}

pub(super) fn seconds(text: &str) -> Read<Duration> {
    let number = text.parse().ok().filter(|number| (1..=MAX_SECONDS).contains(number));
    number.map(Duration::from_secs).ok_or_else(|| is_not(text, "a number of seconds from 1 to 3600"))
}

/// What long waits are divided by.
pub(super) fn time_scale(text: &str) -> Read<u32> {
    let number = text.parse().ok().filter(|number| (1..=MAX_TIME_SCALE).contains(number));
    number.ok_or_else(|| is_not(text, "a whole number from 1 to 1000000"))
}

pub(super) fn port(text: &str) -> Read<u16> {
    text.parse().map_err(|_| is_not(text, "a port from 0 to 65535"))
}

pub(super) fn connections(text: &str) -> Read<usize> {
    let number = text.parse().ok().filter(|number| (1..=MAX_CONNECTIONS).contains(number));
    number.ok_or_else(|| is_not(text, "a number from 1 to 1000"))
}

pub(super) fn job_concurrency(text: &str) -> Read<u32> {
    let number = text.parse().ok().filter(|number| (1..=MAX_JOBS).contains(number));
    number.ok_or_else(|| is_not(text, "a number from 1 to 32"))
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

/// As for the database: never repeated.
pub(super) fn bucket(text: &str) -> Read<blobs::Location> {
    blobs::Location::parse(text).map_err(|error| error.to_string())
}

/// A path in front of all others.
pub(super) fn base_path(text: &str) -> Read<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let segment = |part: &str| !matches!(part, "" | "." | "..") && part.bytes().all(plain);
    let path = text.strip_prefix('/').filter(|rest| rest.split('/').all(segment));
    match path {
        Some(_) if text.len() <= MAX_PATH_BYTES => Ok(text.to_owned()),
        _ => Err(is_not(text, "a path such as /view, with a slash in front and none at the end")),
    }
}

/// Whose word counts about the addresses of clients.
pub(super) fn trusted_proxies(text: &str) -> Read<TrustedProxies> {
    text.parse().map_err(|error: NotANetwork| error.to_string())
}

/// Never repeated.
pub(super) fn master_secret(text: &str) -> Read<Secret> {
    if text.len() < MIN_SECRET_BYTES {
        let bytes = text.len();
        return Err(format!("it has {bytes} bytes and needs at least {MIN_SECRET_BYTES}; {MAKE_ONE}"));
    }
    Ok(Secret::new(text))
}

/// One that somebody else has chosen. Never repeated.
pub(super) fn secret(text: &str) -> Read<Secret> {
    if text.trim() == text {
        Ok(Secret::new(text))
    } else {
        Err("it begins or ends with a space, which is hardly part of it".to_owned())
    }
}

/// Goes into a header. Never repeated.
pub(super) fn api_key(text: &str) -> Read<Secret> {
    let key = text.trim();
    if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(Secret::new(key))
    } else {
        Err("expected a key as the vendor gives it: letters, digits and signs without spaces".to_owned())
    }
}

/// Never repeated.
pub(super) fn token_encryption_key(text: &str) -> Read<Secret> {
    match BASE64.decode(text.trim().as_bytes()) {
        Ok(key) if key.len() == MIN_SECRET_BYTES => Ok(Secret::new(text)),
        _ => Err(format!("expected {MIN_SECRET_BYTES} bytes in base64; {MAKE_ONE}")),
    }
}

/// Never repeated.
pub(super) fn attestation_key(text: &str) -> Read<PrivateKey> {
    let scalar = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok();
    let key = scalar.and_then(|scalar| PrivateKey::k256(scalar.as_slice().try_into().ok()?).ok());
    key.ok_or_else(|| {
        "expected 32 bytes in hex, a private key on secp256k1; `openssl rand -hex 32` makes one".to_owned()
    })
}

/// Where a key is: a DID and the name of the key in its document.
pub(super) fn key_id(text: &str) -> Read<String> {
    let parts = text.split_once('#').filter(|(_, name)| !name.is_empty());
    match parts.and_then(|(did, _)| Did::parse(did).ok()) {
        Some(_) => Ok(text.to_owned()),
        None => Err(is_not(text, "a key of a DID, such as did:web:example.com#attestation")),
    }
}

pub(super) fn nsid(text: &str) -> Read<String> {
    match Nsid::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(is_not(text, "an NSID, such as com.example.attestation")),
    }
}

/// At least one, with commas in between.
pub(super) fn hosts(text: &str) -> Read<Vec<NamedHost>> {
    text.split(',').map(|host| host.trim().parse().map_err(|error: NotAHost| error.to_string())).collect()
}

const MAKE_ONE: &str = "`openssl rand -base64 32` makes one";

pub(super) fn tokens(text: &str) -> Read<u32> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| is_not(text, "a whole number above 0"))
}

pub(super) fn tokens_per_second(text: &str) -> Read<f64> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| is_not(text, "a number above 0, such as 2.0"))
}

pub(super) fn days(text: &str) -> Read<u32> {
    let number = text.parse().ok().filter(|number| (0..=MAX_DAYS).contains(number));
    number.ok_or_else(|| is_not(text, "a number of days from 0 to 36500"))
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
            master_secret("secret").unwrap_err(),
            token_encryption_key("c2VjcmV0secret").unwrap_err(),
            attestation_key("secret").unwrap_err(),
            api_key("my secret").unwrap_err(),
        ] {
            assert!(!error.contains("secret"), "{error}");
        }
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
    fn secrets() {
        assert_eq!(master_secret(&"é".repeat(16)).unwrap().expose(), "é".repeat(16));
        assert!(master_secret(&"a".repeat(31)).unwrap_err().starts_with("it has 31 bytes"));
        let key = BASE64.encode(&[7; 32]);
        assert_eq!(token_encryption_key(&key).unwrap().expose(), key);
        for bad in [BASE64.encode(&[7; 31]), BASE64.encode(&[7; 33]), "a".repeat(44), "07".repeat(32)] {
            assert!(token_encryption_key(&bad).is_err(), "{bad}");
        }
        assert!(secret("a b").is_ok() && !secret("hush\n").unwrap_err().contains("hush"));
        assert_eq!(api_key(" sk_1\n").unwrap().expose(), "sk_1");
        assert!(api_key("").is_err() && api_key("a\u{e9}").is_err());
        assert_eq!(format!("{:?}", master_secret(&"a".repeat(32)).unwrap()), "***");
    }

    #[test]
    fn attestations() {
        assert!(attestation_key(&"07".repeat(32)).is_ok() && attestation_key(&"AB".repeat(32)).is_ok());
        for bad in ["07".repeat(31), "07".repeat(33), "00".repeat(32), "ff".repeat(32), "x".repeat(64)] {
            assert!(attestation_key(&bad).unwrap_err().contains("32 bytes in hex"), "{bad}");
        }
        assert!(key_id("did:web:example.com#attestation").is_ok() && nsid("com.example.attestation").is_ok());
        for bad in ["did:web:example.com", "did:web:example.com#", "#key", "example.com#key"] {
            assert!(key_id(bad).is_err(), "{bad}");
        }
        assert!(nsid("attestation").is_err());
        assert_eq!(hosts("wiki.internal, 10.0.0.7:8080").unwrap().len(), 2);
        for bad in ["wiki,", "10.0.0.0/8", "http://wiki", "*.internal"] {
            assert!(hosts(bad).unwrap_err().contains("is not a host"), "{bad}");
        }
    }

    #[test]
    fn limits() {
        assert_eq!(tokens("100"), Ok(100));
        assert_eq!(tokens_per_second("0.5"), Ok(0.5));
        assert_eq!((days("0"), days("36500")), (Ok(0), Ok(36_500)));
        assert!(tokens("0").is_err() && tokens("-1").is_err() && tokens("1.5").is_err());
        for bad in ["0", "-1", "inf", "NaN", "two"] {
            assert!(tokens_per_second(bad).is_err(), "{bad}");
        }
        assert!(days("36501").is_err() && days("-1").is_err());
    }

    #[test]
    fn numbers_and_words() {
        assert!(port("65536").is_err() && port("-1").is_err() && port("").is_err());
        assert!(connections("0").is_err() && connections("1001").is_err());
        assert_eq!(connections("7"), Ok(7));
        assert_eq!((job_concurrency("1"), job_concurrency("32")), (Ok(1), Ok(32)));
        assert!(job_concurrency("0").is_err() && job_concurrency("33").is_err());
        assert_eq!(switch("YES"), Ok(true));
        assert_eq!(switch("off"), Ok(false));
        assert_eq!((auto_or_off("auto"), auto_or_off("off")), (Ok(true), Ok(false)));
        assert!(auto_or_off("on").is_err());
        assert_eq!(mode("blocks"), Ok(Mode::Blocks));
        assert!(mode("fast").unwrap_err().contains("auto, pages, export or blocks"));
        assert_eq!(seconds("90"), Ok(Duration::from_secs(90)));
        assert!(seconds("0").is_err() && seconds("-1").is_err() && seconds("3601").is_err());
        assert_eq!(time_scale("1000"), Ok(1000));
        assert!(time_scale("0").is_err() && time_scale("1.5").is_err() && time_scale("1000001").is_err());
        assert!(switch("maybe").is_err());
        assert_eq!(json_object(r#"{"a":1}"#).unwrap()["a"], 1);
        assert!(json_object("[]").is_err() && json_object("{a:1}").unwrap_err().contains("a JSON object"));
        assert!(header("a\nb").is_err());
        assert!(log_filter("info,records=debug").is_ok());
        assert!(log_filter("records=loud").is_err());
    }
}
