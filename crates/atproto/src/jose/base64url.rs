//! The one text form of bytes in tokens: base64url without padding (RFC 7515, section 2).

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64URL_NOPAD;

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64URL_NOPAD.encode(bytes.as_ref())
}

/// Padding, line breaks and stray bits at the end are refused, so no bytes have two texts.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()
}

/// The SHA-256 of `bytes`, 43 characters.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    encode(digest(&SHA256, bytes.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_one_text_per_value() {
        assert_eq!(decode("AQ"), Some(vec![1]));
        for text in ["AQ==", "AR", "A", "AQ\n", "+w", "/w"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
