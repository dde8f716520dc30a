//! The kinds of blobs a scope is about.

use std::fmt;

/// One media type, or all of a kind: `image/png`, `image/*`, `*/*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MimeRange {
    /// `None` is every type, and then every subtype.
    kind: Option<String>,
    subtype: Option<String>,
}

impl MimeRange {
    /// Reads a media type or a range of them, without parameters; upper case counts as lower case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        /// RFC 6838, section 4.2, for each of the two names.
        const MAX_BYTES: usize = 127;

        let (kind, subtype) = text.split_once('/')?;
        let is_name = |name: &str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
            (1..=MAX_BYTES).contains(&name.len()) && name.bytes().all(allowed)
        };
        match (kind, subtype) {
            ("*", "*") => Some(Self { kind: None, subtype: None }),
            (kind, "*") if is_name(kind) => {
                Some(Self { kind: Some(kind.to_ascii_lowercase()), subtype: None })
            }
            (kind, subtype) if is_name(kind) && is_name(subtype) => Some(Self {
                kind: Some(kind.to_ascii_lowercase()),
                subtype: Some(subtype.to_ascii_lowercase()),
            }),
            _ => None,
        }
    }

    pub(super) fn covers(&self, other: &Self) -> bool {
        let kind = self.kind.is_none() || self.kind == other.kind;
        kind && (self.subtype.is_none() || self.subtype == other.subtype)
    }
}

impl fmt::Display for MimeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "*".to_owned());
        write!(f, "{}/{}", part(&self.kind), part(&self.subtype))
    }
}
