//! Names of uploads that are under way.

use std::fmt;

use data_encoding::HEXLOWER;

use crate::text::text_impls;
use crate::{Error, ErrorCode};

/// A UUID in its usual form, in lower case (spec/registry.md §1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UploadId([u8; 16]);

text_impls!(UploadId);

/// The bytes of a UUID: for who begins an upload.
impl From<[u8; 16]> for UploadId {
    fn from(uuid: [u8; 16]) -> Self {
        Self(uuid)
    }
}

impl UploadId {
    /// The bytes of the UUID.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads a name; what is none belongs to no upload: 404 `BLOB_UPLOAD_UNKNOWN`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        decode(text.as_bytes()).map(Self).ok_or_else(|| ErrorCode::BlobUploadUnknown.into())
    }
}

fn decode(text: &[u8]) -> Option<[u8; 16]> {
    let (mut digits, mut uuid) = ([0; 32], [0; 16]);
    if text.len() != 36 {
        return None;
    }
    let mut places = digits.iter_mut();
    for (at, byte) in text.iter().enumerate() {
        match at {
            8 | 13 | 18 | 23 if *byte == b'-' => {}
            8 | 13 | 18 | 23 => return None,
            _ => *places.next()? = *byte,
        }
    }
    HEXLOWER.decode_mut(&digits, &mut uuid).ok()?;
    Some(uuid)
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, group) in [0..4, 4..6, 6..8, 8..10, 10..16].into_iter().enumerate() {
            let hyphen = if place == 0 { "" } else { "-" };
            write!(f, "{hyphen}{}", HEXLOWER.encode_display(&self.0[group]))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_uuid() {
        let text = "0192f0c1-7a3b-7def-8123-456789abcdef";
        let id = UploadId::parse(text).unwrap();
        assert_eq!(id.to_string(), text);
        let bytes = *b"\x01\x92\xf0\xc1\x7a\x3b\x7d\xef\x81\x23\x45\x67\x89\xab\xcd\xef";
        assert_eq!(id, UploadId::from(bytes));
    }

    #[test]
    fn has_one_form() {
        for text in [
            "",
            "..",
            "0192F0C1-7A3B-7DEF-8123-456789ABCDEF",
            "0192f0c17a3b7def8123456789abcdef",
            "{0192f0c1-7a3b-7def-8123-456789abcdef}",
            "urn:uuid:0192f0c1-7a3b-7def-8123-456789abcdef",
            "../192f0c1-7a3b-7def-8123-456789abcde",
            "0192f0c1-7a3b-7def-81234-56789abcdef",
            "0192f0c1-7a3b-7def-8123-456789abcdeg",
            &"-".repeat(36),
        ] {
            assert_eq!(UploadId::parse(text).unwrap_err().code(), ErrorCode::BlobUploadUnknown, "{text}");
        }
    }
}
