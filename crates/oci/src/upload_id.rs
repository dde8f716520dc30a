//! Names of uploads that are under way.

use std::fmt;

use crate::text::text_impls;
use crate::{Error, ErrorCode};

/// A UUID in its usual form, in lower case (spec/registry.md §1.5).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UploadId(Box<str>);

text_impls!(UploadId);

impl UploadId {
    /// Reads a name; what is none belongs to no upload: 404 `BLOB_UPLOAD_UNKNOWN`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let fits = |(at, byte): (usize, u8)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        };
        if text.len() == 36 && text.bytes().enumerate().all(fits) {
            return Ok(Self(text.into()));
        }
        Err(ErrorCode::BlobUploadUnknown.into())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_uuid() {
        assert!(UploadId::parse("0192f0c1-7a3b-7def-8123-456789abcdef").is_ok());
        for text in [
            "",
            "..",
            "0192F0C1-7A3B-7DEF-8123-456789ABCDEF",
            "0192f0c17a3b7def8123456789abcdef",
            &"-".repeat(36),
        ] {
            assert_eq!(UploadId::parse(text).unwrap_err().code(), ErrorCode::BlobUploadUnknown, "{text}");
        }
    }
}
