//! The key under which HappyView keeps its secrets (spec/appview.md §2.10).

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use data_encoding::BASE64;

/// `TOKEN_ENCRYPTION_KEY` of the server that wrote the database. It opens and never seals.
pub struct EncryptionKey(LessSafeKey);

/// A text that is no such key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the encryption key is not 32 bytes in base64")]
pub struct BadKey;

impl EncryptionKey {
    /// Reads 32 bytes in base64.
    pub fn parse(base64: &str) -> Result<Self, BadKey> {
        let bytes = BASE64.decode(base64.trim().as_bytes()).map_err(|_| BadKey)?;
        // Of another length it is no key of this algorithm.
        UnboundKey::new(&AES_256_GCM, &bytes).map(|key| Self(LessSafeKey::new(key))).map_err(|_| BadKey)
    }

    /// Opens `nonce (12) ‖ ciphertext ‖ tag (16)`; nothing if it was altered or sealed under another key.
    pub(crate) fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut text = text.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self.0.open_in_place(nonce, Aad::empty(), &mut text).ok()?.len();
        text.truncate(length);
        Some(text)
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptionKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AES-256-GCM, key and nonce zero, no associated data: test case 14 of the algorithm's specification.
    #[test]
    fn the_layout_is_nonce_ciphertext_tag() {
        let key = EncryptionKey::parse(&BASE64.encode(&[0; 32])).unwrap();
        let hex = "000000000000000000000000cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919";
        let mut sealed = data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
        assert_eq!(key.open(&sealed), Some(vec![0; 16]));
        sealed[20] ^= 1;
        assert_eq!(key.open(&sealed), None);
        assert_eq!(key.open(&sealed[..11]), None);
        assert_eq!(key.open(&[]), None);
    }

    #[test]
    fn a_key_has_32_bytes() {
        for bad in ["", "c2hvcnQ=", "not base64!", &BASE64.encode(&[1; 31]), &BASE64.encode(&[1; 33])] {
            assert_eq!(EncryptionKey::parse(bad).unwrap_err(), BadKey, "{bad}");
        }
        assert!(EncryptionKey::parse(&format!("{}\n", BASE64.encode(&[1; 32]))).is_ok());
    }
}
