//! The formats that a lexicon can ask of a string.

use crate::{AtUri, Did, Tid};

/// Bytes of the longest URI.
const MAX_URI: usize = 8 << 10;

/// A `format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    AtIdentifier,
    AtUri,
    Cid,
    Datetime,
    Did,
    Handle,
    Language,
    Nsid,
    RecordKey,
    Tid,
    Uri,
}

impl Format {
    /// All there are, by their names in lexicons.
    const ALL: [(&str, Self); 11] = [
        ("at-identifier", Self::AtIdentifier),
        ("at-uri", Self::AtUri),
        ("cid", Self::Cid),
        ("datetime", Self::Datetime),
        ("did", Self::Did),
        ("handle", Self::Handle),
        ("language", Self::Language),
        ("nsid", Self::Nsid),
        ("record-key", Self::RecordKey),
        ("tid", Self::Tid),
        ("uri", Self::Uri),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// What it is called in lexicons.
    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// Whether a text has it. The cost is that of reading the text once.
    pub(super) fn is_met(self, text: &str) -> bool {
        match self {
            Self::AtIdentifier => is_handle(text) || is_did(text),
            Self::AtUri => is_at_uri(text),
            Self::Cid => is_cid(text),
            Self::Datetime => is_datetime(text),
            Self::Did => is_did(text),
            Self::Handle => is_handle(text),
            Self::Language => text.len() <= 128 && shrike::syntax::Language::try_from(text).is_ok(),
            Self::Nsid => text.len() <= 317 && shrike::syntax::Nsid::try_from(text).is_ok(),
            Self::RecordKey => text.len() <= 512 && shrike::syntax::RecordKey::try_from(text).is_ok(),
            Self::Tid => Tid::parse(text).is_ok(),
            Self::Uri => is_uri(text),
        }
    }
}

fn is_did(text: &str) -> bool {
    // A port of a `did:web` is written with one, which the other parser does not take.
    if text.contains('%') {
        return Did::parse(text).is_ok();
    }
    text.len() <= 2048 && shrike::syntax::Did::try_from(text).is_ok()
}

fn is_handle(text: &str) -> bool {
    text.len() <= 253 && shrike::syntax::Handle::try_from(text).is_ok()
}

fn is_at_uri(text: &str) -> bool {
    if text.len() > 8 << 10 {
        return false;
    }
    // These two are read differently.
    if text.contains(['%', '#']) {
        return AtUri::parse(text).is_ok();
    }
    shrike::syntax::AtUriRef::try_from(text).is_ok()
}

/// Any CID in any encoding, as the protocol's own grammar has it; version 0 is not wanted.
fn is_cid(text: &str) -> bool {
    (8..=256).contains(&text.len())
        && !text.starts_with("Qmb")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=".contains(&byte))
}

/// RFC 3339 and ISO 8601 at once, with a time zone, and not before the year 0. A day that its month does not have is
/// nobody's concern, as in the reference; a leap second is no time there.
fn is_datetime(text: &str) -> bool {
    if shrike::syntax::DatetimeRef::try_from(text).is_err() {
        return false;
    }
    let bytes = text.as_bytes();
    let is_first_day = text.starts_with("0000-01-01T");
    let is_leap = bytes.get(17..19) == Some(b"60");
    !(is_leap || is_first_day && is_before_year_zero(text))
}

/// Whether the first day of the year 0 becomes the last of the year before, in UTC.
fn is_before_year_zero(text: &str) -> bool {
    let Some(offset) = text.len().checked_sub(6).filter(|at| text.as_bytes()[*at] == b'+') else {
        return false;
    };
    // Hours and minutes, written alike.
    text.as_bytes().get(11..16) < text.as_bytes().get(offset + 1..)
}

/// A scheme, a colon and something without spaces.
fn is_uri(text: &str) -> bool {
    if text.len() > MAX_URI {
        return false;
    }
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.len() <= 80
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-".contains(&byte));
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let is_space = |char: char| char.is_whitespace() || char == '\u{feff}';
    is_scheme && !rest.is_empty() && !rest.starts_with('/') && !rest.contains(is_space)
}
