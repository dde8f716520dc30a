//! Names inside a DID document.

use std::fmt;

use crate::service::ServiceError;

/// The directory takes no longer names.
const MAX_CHARS: usize = 32;

/// The id of a service or a key within its document: `#` and up to 32 letters, digits, `_` and, for services, `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fragment(String);

impl Fragment {
    /// The name of a service. That of a PDS is refused: this server is none, and a document that says otherwise sends
    /// an account's repository here.
    pub fn service(text: &str) -> Result<Self, ServiceError> {
        let fragment = Self::parse(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))?;
        if fragment.name() == "atproto_pds" {
            return Err(ServiceError::ReservedFragment(fragment));
        }
        Ok(fragment)
    }

    /// The name of a key. That of the signing key is taken from the start.
    pub fn key(text: &str) -> Result<Self, ServiceError> {
        let fragment = Self::parse(text, |byte| byte.is_ascii_alphanumeric() || byte == b'_')?;
        if fragment.name() == "atproto" {
            return Err(ServiceError::ReservedFragment(fragment));
        }
        Ok(fragment)
    }

    fn parse(text: &str, allowed: impl Fn(u8) -> bool) -> Result<Self, ServiceError> {
        match text.strip_prefix('#') {
            Some(name) if (1..=MAX_CHARS).contains(&name.len()) && name.bytes().all(allowed) => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(ServiceError::BadFragment),
        }
    }

    /// A fragment from a row of ours.
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }

    /// With its `#`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without its `#`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.strip_prefix('#').unwrap_or(&self.0)
    }
}

impl fmt::Display for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_plain() {
        let longest = format!("#{}", "a".repeat(MAX_CHARS));
        for good in ["#a", "#happyview", "#Bsky_Appview1", &longest] {
            assert_eq!(Fragment::key(good).unwrap().as_str(), good);
            assert_eq!(format!("#{}", Fragment::service(good).unwrap().name()), good);
        }
        assert!(Fragment::service("#my-service").is_ok());
        let too_long = format!("{longest}a");
        for bad in ["", "#", "name", "##a", "#a b", "#a\"", "#é", "#a/b", "did:web:x#a", "#a\0", &too_long] {
            assert!(matches!(Fragment::service(bad), Err(ServiceError::BadFragment)), "{bad}");
            assert!(matches!(Fragment::key(bad), Err(ServiceError::BadFragment)), "{bad}");
        }
        assert!(matches!(Fragment::key("#my-key"), Err(ServiceError::BadFragment)));
        assert!(matches!(Fragment::service("#atproto_pds"), Err(ServiceError::ReservedFragment(_))));
        assert!(matches!(Fragment::key("#atproto"), Err(ServiceError::ReservedFragment(_))));
    }
}
