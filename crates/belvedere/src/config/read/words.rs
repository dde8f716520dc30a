//! Words, names and texts with a form of their own.

use atproto::{Did, Nsid};
use blobs::Fsync;
use remote::Mode;
use serde_json::{Map, Value};
use tracing_subscriber::EnvFilter;

use super::{Read, is_not};

pub(in crate::config) fn switch(text: &str) -> Read<bool> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(is_not(text, "true or false")),
    }
}

/// Whether something is used where it is there.
pub(in crate::config) fn auto_or_off(text: &str) -> Read<bool> {
    match text {
        "auto" => Ok(true),
        "off" => Ok(false),
        _ => Err(is_not(text, "auto or off")),
    }
}

/// Whether something is left to people.
pub(in crate::config) fn manual_or_auto(text: &str) -> Read<bool> {
    match text {
        "manual" => Ok(true),
        "auto" => Ok(false),
        _ => Err(is_not(text, "auto or manual")),
    }
}

pub(in crate::config) fn mode(text: &str) -> Read<Mode> {
    text.parse().map_err(|_| is_not(text, "auto, pages, export or blocks"))
}

pub(in crate::config) fn header(text: &str) -> Read<String> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        Ok(text.to_owned())
    } else {
        Err(is_not(text, "printable ASCII"))
    }
}

/// What something is called where people read it.
pub(in crate::config) fn name(text: &str) -> Read<String> {
    line(text, 100).ok_or_else(|| is_not(text, "a name of at most 100 characters in one line"))
}

/// What is said about it there.
pub(in crate::config) fn description(text: &str) -> Read<String> {
    line(text, 500).ok_or_else(|| is_not(text, "a text of at most 500 characters in one line"))
}

fn line(text: &str, max: usize) -> Option<String> {
    let fits = text.chars().count() <= max && !text.chars().any(char::is_control);
    fits.then(|| text.trim().to_owned()).filter(|text| !text.is_empty())
}

pub(in crate::config) fn log_filter(text: &str) -> Read<String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(format!("{}: {error}", is_not(text, "a log filter such as info,records=debug"))),
    }
}

pub(in crate::config) fn json_object(text: &str) -> Read<Map<String, Value>> {
    serde_json::from_str(text).map_err(|_| is_not(text, "a JSON object, such as {\"disableAnalytics\":true}"))
}

/// Where a key is: a DID and the name of the key in its document.
pub(in crate::config) fn key_id(text: &str) -> Read<String> {
    let parts = text.split_once('#').filter(|(_, name)| !name.is_empty());
    match parts.and_then(|(did, _)| Did::parse(did).ok()) {
        Some(_) => Ok(text.to_owned()),
        None => Err(is_not(text, "a key of a DID, such as did:web:example.com#attestation")),
    }
}

pub(in crate::config) fn did(text: &str) -> Read<Did> {
    Did::parse(text).map_err(|_| is_not(text, "a DID, such as did:plc:ewvi7nxzyoun6zhxrhs64oiz"))
}

/// Separated by commas.
pub(in crate::config) fn dids(text: &str) -> Read<Vec<Did>> {
    text.split(',').map(str::trim).filter(|did| !did.is_empty()).map(did).collect()
}

pub(in crate::config) fn fsync(text: &str) -> Read<Fsync> {
    match text {
        "full" => Ok(Fsync::Full),
        "finish" => Ok(Fsync::Finish),
        "off" => Ok(Fsync::Off),
        _ => Err(is_not(text, "full, finish or off")),
    }
}

pub(in crate::config) fn nsid(text: &str) -> Read<String> {
    match Nsid::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(is_not(text, "an NSID, such as com.example.attestation")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!(switch("YES"), Ok(true));
        assert_eq!(switch("off"), Ok(false));
        assert_eq!((auto_or_off("auto"), auto_or_off("off")), (Ok(true), Ok(false)));
        assert!(auto_or_off("on").is_err());
        assert_eq!((manual_or_auto("manual"), manual_or_auto("auto")), (Ok(true), Ok(false)));
        assert!(manual_or_auto("off").is_err());
        assert_eq!(mode("blocks"), Ok(Mode::Blocks));
        assert!(mode("fast").unwrap_err().contains("auto, pages, export or blocks"));
        assert!(switch("maybe").is_err());
        assert_eq!(json_object(r#"{"a":1}"#).unwrap()["a"], 1);
        assert!(json_object("[]").is_err() && json_object("{a:1}").unwrap_err().contains("a JSON object"));
        assert!(header("a\nb").is_err());
        assert_eq!(name(" Ä place "), Ok("Ä place".to_owned()));
        assert!(name("").is_err() && name("a\nb").is_err() && name(&"x".repeat(101)).is_err());
        assert!(description(&"x".repeat(500)).is_ok() && description(&"x".repeat(501)).is_err());
        assert!(log_filter("info,records=debug").is_ok());
        assert!(log_filter("records=loud").is_err());
    }

    #[test]
    fn names_of_the_network() {
        assert!(key_id("did:web:example.com#attestation").is_ok() && nsid("com.example.attestation").is_ok());
        for bad in ["did:web:example.com", "did:web:example.com#", "#key", "example.com#key"] {
            assert!(key_id(bad).is_err(), "{bad}");
        }
        assert!(nsid("attestation").is_err());
        assert_eq!(dids("did:web:a.test, did:plc:b,").map(|dids| dids.len()), Ok(2));
        assert!(dids("did:web:a.test,b.test").is_err());
    }
}
