//! Names of repositories.

use std::fmt;

use crate::excerpt::excerpt;
use crate::owner::{is_did, is_did_spelling};
use crate::text::text_impls;
use crate::{Error, ErrorCode, Owner};

/// `<owner>/<repository>` as the client wrote it, which answers repeat (spec/registry.md §0.1).
///
/// Every component is of `a-z`, `0-9` and single separators (`.`, `_`, `__` or any number of `-`); the first may be a DID
/// instead. A name is kept as it was written: two spellings of one owner are two names, and only who resolves
/// [`owner`](Self::owner) knows that they are one repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepositoryName {
    text: Box<str>,
    /// Where the slash behind the owner is.
    slash: usize,
}

text_impls!(RepositoryName);

impl RepositoryName {
    /// Bytes of a name at most; most clients know no longer one.
    pub const MAX_BYTES: usize = 255;

    /// Reads a name, percent-decoded. What is none is 400 `NAME_INVALID`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let invalid = |why: &str| {
            let quoted = excerpt(text);
            Error::new(ErrorCode::NameInvalid, format!("{quoted:?} is not the name of a repository: {why}"))
        };
        if text.len() > Self::MAX_BYTES {
            return Err(invalid("it has more than 255 bytes"));
        }
        let Some((owner, repository)) = text.split_once('/') else {
            return Err(invalid("write it owner/repository"));
        };
        if is_did_spelling(owner) {
            if !is_did(owner) {
                return Err(invalid("its owner is not a DID"));
            }
        } else if !is_component(owner) {
            return Err(invalid("its owner is not a handle in lower case"));
        }
        if !repository.split('/').all(is_component) {
            return Err(invalid(
                "between slashes only a-z, 0-9 and single ., _, __ or - between them may stand",
            ));
        }
        Ok(Self { slash: owner.len(), text: text.into() })
    }

    /// The name as the client wrote it, percent-decoded.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whose it is.
    #[must_use]
    pub fn owner(&self) -> Owner<'_> {
        Owner::of_component(&self.text[..self.slash])
    }

    /// What it is called among the owner's: `app`, `team/app`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.text[self.slash + 1..]
    }

    /// The name as it is written into a path. Only DIDs have a character that needs another spelling there.
    pub(crate) fn in_path(&self) -> impl fmt::Display + '_ {
        percent_encoding::utf8_percent_encode(&self.text, PERCENT)
    }
}

/// Just the percent sign.
const PERCENT: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS.add(b'%');

/// Whether it is runs of letters and digits with one separator between each two.
fn is_component(text: &str) -> bool {
    let separator = |byte: u8| matches!(byte, b'.' | b'_' | b'-');
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || separator(byte);
    let bytes = text.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else { return false };
    !separator(first)
        && !separator(last)
        && bytes.iter().copied().all(known)
        && bytes
            .chunk_by(|&a, &b| separator(a) == separator(b))
            .filter(|run| separator(run[0]))
            .all(|run| matches!(run, b"." | b"_" | b"__") || run.iter().all(|&byte| byte == b'-'))
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_an_owner_and_a_repository() {
        for (text, repository) in [
            ("alice.example.com/app", "app"),
            ("alice/team/app", "team/app"),
            ("did:plc:abc234/app", "app"),
            ("did:web:localhost%3A3000/a", "a"),
            ("did-plc-abc234/a.b_c__d---e/f", "a.b_c__d---e/f"),
            ("a/blobs/uploads", "blobs/uploads"),
            ("0/0", "0"),
        ] {
            let name = RepositoryName::parse(text).unwrap();
            assert_eq!((name.as_str(), name.repository()), (text, repository));
        }
        assert!(RepositoryName::parse(&format!("a/{}", "b".repeat(253))).is_ok());
    }

    #[test]
    fn refuses_what_is_no_name() {
        for text in [
            "",
            "/",
            "a",
            "a/",
            "/a",
            "a//b",
            "a/b/",
            "a/../b",
            "a/.",
            "../a",
            "a/.b",
            "a/b.",
            "a/b..c",
            "a/b___c",
            "a/b._c",
            "a/b-_c",
            "A/b",
            "a/B",
            "a/b c",
            "a/ä",
            "ä/a",
            "a/b\0",
            "a/b%2fc",
            "a/did:plc:b",
            "a:80/b",
            "did:/b",
            "did:plc:/b",
            "did:plc:a:/b",
            "did:PLC:a/b",
            "did:plc:a b/b",
            "did:plc:a%/b",
            "a/_oci",
            "_catalog/a",
            &format!("a/{}", "b".repeat(254)),
        ] {
            let error = RepositoryName::parse(text).unwrap_err();
            assert_eq!((error.code(), error.status().as_u16()), (ErrorCode::NameInvalid, 400), "{text}");
            assert!(error.message().len() < 400);
        }
    }
}
