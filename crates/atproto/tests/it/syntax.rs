//! Identifiers against the protocol's syntax vectors.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::str::FromStr;

use atproto::{AtIdentifier, AtUri, Cid, Did, Handle, Nsid, RecordKey, Tid};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::vectors;

/// Valid values parse, print as they were (case aside, where case does not count) and survive JSON; invalid ones
/// do not parse, and say why.
fn agrees<T>(name: &str, case_counts: bool)
where
    T: FromStr + Display + Debug + PartialEq + Serialize + DeserializeOwned,
    T::Err: Display,
{
    for text in vectors::lines(&format!("syntax/{name}_syntax_valid.txt")) {
        let value: T = text.parse().unwrap_or_else(|error| panic!("{error}"));
        let printed = value.to_string();
        assert!(printed == text || (!case_counts && printed.eq_ignore_ascii_case(&text)), "{printed} {text}");
        let json = serde_json::to_string(&value).unwrap();
        assert_eq!(json, format!("{printed:?}"));
        assert_eq!(serde_json::from_str::<T>(&json).unwrap(), value);
    }
    for text in vectors::lines(&format!("syntax/{name}_syntax_invalid.txt")) {
        let Err(error) = text.parse::<T>() else { panic!("{text:?} parses") };
        assert!(error.to_string().len() < 500, "{error}");
        assert!(serde_json::from_value::<T>(text.into()).is_err());
    }
}

#[test]
fn dids() {
    agrees::<Did>("did", true);
}

#[test]
fn handles() {
    agrees::<Handle>("handle", false);
}

#[test]
fn at_identifiers() {
    agrees::<AtIdentifier>("atidentifier", false);
}

#[test]
fn nsids() {
    agrees::<Nsid>("nsid", false);
}

#[test]
fn record_keys() {
    agrees::<RecordKey>("recordkey", true);
}

#[test]
fn tids() {
    agrees::<Tid>("tid", true);
}

#[test]
fn at_uris() {
    agrees::<AtUri>("aturi", false);
}

/// The vectors describe any CID of any kind, or what looks like one. The protocol makes exactly two kinds (dag-cbor
/// and raw, both version 1, SHA-256, base32), and only those are CIDs here: none of the file is among them.
#[test]
fn cids() {
    for file in ["valid", "invalid"] {
        for text in vectors::lines(&format!("syntax/cid_syntax_{file}.txt")) {
            assert!(Cid::parse(&text).is_err(), "{text}");
        }
    }
    let error = Cid::parse("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi").unwrap_err();
    assert_eq!((error.kind(), error.rule()), ("CID", "unsupported codec"));
}

#[test]
fn maps_keyed_by_identifiers_take_text() {
    let counts = BTreeMap::from([(Nsid::parse("app.bsky.feed.like").unwrap(), 3)]);
    assert_eq!(counts.get("app.bsky.feed.like"), Some(&3));
}

#[test]
fn huge_text_is_refused_without_being_repeated() {
    let huge = "a".repeat(10 << 20);
    for error in [
        Did::parse(&format!("did:web:{huge}")).unwrap_err(),
        Handle::parse(&huge).unwrap_err(),
        Nsid::parse(&huge).unwrap_err(),
        RecordKey::parse(&huge).unwrap_err(),
        AtUri::parse(&format!("at://{huge}")).unwrap_err(),
        Tid::parse(&huge).unwrap_err(),
        Cid::parse(&huge).unwrap_err(),
    ] {
        assert!(error.to_string().len() < 250, "{error}");
        assert!(error.rule().contains("bytes long"), "{error}");
    }
}
