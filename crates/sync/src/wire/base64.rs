//! Base64 in and out, strict and lenient (spec/sync.md §0).

use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER_PERMISSIVE, HEXUPPER};

/// Padded, as everything goes out.
pub(crate) fn encode(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// The standard alphabet, with or without its padding.
pub(crate) fn strict(text: &str) -> Option<Vec<u8>> {
    // The library takes several padded texts behind each other for one.
    let letters = text.trim_end_matches('=');
    let padding = text.len() - letters.len();
    let is_filled = text.len().is_multiple_of(4) && padding <= 2;
    (padding == 0 || is_filled).then(|| BASE64_NOPAD.decode(letters.as_bytes()).ok()).flatten()
}

/// A key as rows have it, in upper-case hexadecimal digits; nothing if it is none of 32 bytes.
pub(crate) fn strict_hex_key(text: &str) -> Option<String> {
    let key = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
    (key.len() == 32).then(|| HEXUPPER.encode(&key))
}

/// Either alphabet; whatever belongs to neither is ignored, and so are bits that do not fill a byte.
pub(crate) fn lenient(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for letter in text.bytes().take_while(|letter| *letter != b'=') {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => continue,
        };
        buffer = (buffer << 6 | u32::from(value)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits).to_le_bytes()[0]);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_comes_back_either_way() {
        for length in 0..40_u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(37)).collect();
            let text = encode(&bytes);
            assert_eq!(strict(&text), Some(bytes.clone()));
            assert_eq!(strict(text.trim_end_matches('=')), Some(bytes.clone()));
            assert_eq!(lenient(&text), bytes);
            let url_safe = text.replace('+', "-").replace('/', "_");
            assert_eq!(lenient(&format!("\n{url_safe}")), bytes);
        }
    }

    #[test]
    fn the_strict_one_takes_no_other_letters() {
        for text in ["_w==", "a b=", "-A", "!", "A", "nA==nA==", "nA=", "nA===", "AAA==", "====", "nA==\n"] {
            assert_eq!(strict(text), None, "{text}");
        }
        assert_eq!(lenient("a$Q@"), b"i");
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in ".{0,200}") {
            crate::fuzzing::base64(text.as_bytes());
        }

        #[test]
        fn every_byte_comes_back(bytes: Vec<u8>) {
            crate::fuzzing::base64(&bytes);
            crate::fuzzing::base64(crate::wire::encode(&bytes).as_bytes());
        }
    }
}
