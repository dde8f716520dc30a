//! `io.atcr.sailor.profile`: what an owner wants of every registry, and the older `io.atcr.hold`, which said where their blobs go.

use atproto::Did;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use url::Url;

/// A profile as it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Profile {
    /// Where blobs of new images go, if not to the registry's own hold.
    pub(crate) default_hold: Option<Did>,
    /// Whether anything is said about that, be it that there is no hold of their own.
    pub(crate) says_hold: bool,
    /// Whether a manifest goes when its last tag is given to another.
    pub(crate) auto_remove_untagged: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(default)]
    default_hold: Said,
    #[serde(default)]
    auto_remove_untagged: Option<bool>,
}

/// What a member says: `null` is something else than its absence.
#[derive(Default)]
enum Said {
    #[default]
    Nothing,
    Hold(Option<String>),
}

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::Hold)
    }
}

#[derive(Deserialize)]
struct Legacy {
    endpoint: String,
}

impl Profile {
    /// Reads a record. A hold whose name makes no sense is an error of its owner's that must not send their images elsewhere, so the
    /// whole record is none.
    pub(crate) fn parse(json: &str) -> Option<Self> {
        let wire: Wire = serde_json::from_str(json).ok()?;
        let (says_hold, hold) = match wire.default_hold {
            Said::Nothing => (false, None),
            Said::Hold(hold) => (true, hold.filter(|hold| !hold.is_empty())),
        };
        let default_hold = match hold {
            Some(hold) => Some(named(&hold)?),
            None => None,
        };
        Some(Self {
            default_hold,
            says_hold,
            auto_remove_untagged: wire.auto_remove_untagged.unwrap_or_default(),
        })
    }

    /// What an `io.atcr.hold` says, which older clients wrote in place of a profile.
    pub(crate) fn parse_legacy(json: &str) -> Option<Self> {
        let legacy: Legacy = serde_json::from_str(json).ok()?;
        Some(Self { default_hold: Some(named(&legacy.endpoint)?), says_hold: true, ..Self::default() })
    }
}

/// A hold by its DID, or by its address, as older records have it.
fn named(text: &str) -> Option<Did> {
    if text.starts_with("did:") {
        return Did::parse(text).ok();
    }
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let port = url.port().map(|port| format!("%3A{port}")).unwrap_or_default();
    Did::parse(&format!("did:web:{}{port}", url.host_str()?)).ok()
}

/// A profile as it is written: the one that was there, with what is new in it. What others keep in it stays.
pub(crate) fn changed_profile(
    before: Option<&str>,
    default_hold: Option<&Did>,
    auto_remove_untagged: bool,
    now: &str,
) -> Map<String, Value> {
    let mut record: Map<String, Value> =
        before.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    record.insert("$type".to_owned(), "io.atcr.sailor.profile".into());
    record.entry("createdAt").or_insert_with(|| now.into());
    record.insert("updatedAt".to_owned(), now.into());
    // Where nothing is said, an older record is listened to.
    record.insert("defaultHold".to_owned(), default_hold.map(Did::as_str).into());
    record.insert("autoRemoveUntagged".to_owned(), auto_remove_untagged.into());
    record
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_hold_that_is_read_has_a_did(hold in "\\PC*", endpoint in "(https?://)?[a-z0-9.:/@%-]{0,40}") {
            for text in [&hold, &endpoint] {
                let json = serde_json::json!({ "defaultHold": text, "endpoint": text }).to_string();
                for profile in [Profile::parse(&json), Profile::parse_legacy(&json)].into_iter().flatten() {
                    let did = profile.default_hold.map(|did| did.to_string());
                    prop_assert!(did.is_none_or(|did| Did::parse(&did).is_ok()));
                }
            }
        }
    }

    /// The hold that a profile names, or nothing; `invalid` of what is no profile.
    fn hold(json: &str) -> String {
        let Some(profile) = Profile::parse(json) else { return "invalid".to_owned() };
        profile.default_hold.map(|did| did.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_hold_is_named_by_its_did_or_by_its_address() {
        for (json, expected) in [
            (r#"{"defaultHold":"did:web:hold.example"}"#, "did:web:hold.example"),
            (r#"{"defaultHold":"https://hold.example/"}"#, "did:web:hold.example"),
            (r#"{"defaultHold":"http://localhost:8080"}"#, "did:web:localhost%3A8080"),
            (r#"{"defaultHold":null}"#, ""),
            ("{}", ""),
            (r#"{"defaultHold":""}"#, ""),
        ] {
            assert_eq!(hold(json), expected, "{json}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_no_profile() {
        for bad in
            [r#"{"defaultHold":"hold"}"#, r#"{"defaultHold":7}"#, r#"{"defaultHold":"did:x"}"#, "7", ""]
        {
            assert_eq!(hold(bad), "invalid", "{bad}");
        }
        assert_eq!(Profile::parse_legacy("{}"), None);
        let legacy =
            Profile::parse_legacy(r#"{"endpoint":"https://hold.example","owner":"did:web:a.example"}"#);
        assert_eq!(legacy.unwrap().default_hold.unwrap().as_str(), "did:web:hold.example");
    }

    #[test]
    fn what_others_keep_in_it_stays() {
        let before = r#"{"createdAt":"2026-01-01T00:00:00Z","defaultHold":null,"theirs":{"a":1}}"#;
        assert_eq!(Profile::parse(before), Some(Profile { says_hold: true, ..Profile::default() }));
        assert_eq!(Profile::parse("{}"), Some(Profile::default()));
        let hold = Did::parse("did:web:hold.test").unwrap();
        let record = changed_profile(Some(before), Some(&hold), true, "2026-02-01T00:00:00Z");
        assert_eq!(
            (&record["theirs"]["a"], &record["createdAt"]),
            (&1.into(), &"2026-01-01T00:00:00Z".into())
        );
        let read = Profile::parse(&Value::Object(record).to_string()).unwrap();
        assert_eq!((read.default_hold.as_ref(), read.auto_remove_untagged), (Some(&hold), true));
    }
}
