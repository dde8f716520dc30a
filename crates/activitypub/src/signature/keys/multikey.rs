//! Keys as one word: `z`, then base58 of a number for the kind and the key (FEP-521a).

use super::KeyError;

/// The kinds, as unsigned varints of the multicodec table: `ed25519-pub` and `rsa-pub`.
pub(super) const ED25519: &[u8] = &[0xed, 0x01];
pub(super) const RSA: &[u8] = &[0x85, 0x24];

/// The longest word: decoding takes the square of its length. An RSA key of 8,192 bits has about 1,440 letters.
const MAX_BYTES: usize = 1_600;

/// The bytes, kind in front.
pub(super) fn read(text: &str) -> Result<Vec<u8>, KeyError> {
    let word = text.strip_prefix('z').filter(|word| word.len() <= MAX_BYTES).ok_or(KeyError::Malformed)?;
    bs58::decode(word).into_vec().map_err(|_| KeyError::Malformed)
}

/// The word of `key`.
pub(super) fn write(kind: &[u8], key: &[u8]) -> String {
    format!("z{}", bs58::encode([kind, key].concat()).into_string())
}
