//! What must hold for any bytes of strangers, for fuzzers; see `fuzz/README.md`.

use bytes::Bytes;

use crate::avatars::Picture;
use crate::tokens::read_token;
use crate::wire::{Label, Opaque, encode, lenient, strict};

/// Base64: what both readings take is the same, and comes back when it is written.
pub fn base64(input: &[u8]) {
    assert_eq!(lenient(&encode(input)), input);
    assert_eq!(strict(&encode(input)).as_deref(), Some(input));
    let Ok(text) = std::str::from_utf8(input) else { return };
    let loosely = lenient(text);
    assert!(loosely.len() <= text.len());
    if let Some(strictly) = strict(text) {
        assert_eq!(strictly, loosely);
        assert_eq!(encode(&strictly).trim_end_matches('='), text.trim_end_matches('='));
    }
}

/// Strings of bodies: bounded, and without what not every database stores.
pub fn text(input: &[u8]) {
    if let Ok(label) = serde_json::from_slice::<Label>(input) {
        assert!(label.len() <= 1024 && !label.contains('\0'));
    }
    if let Ok(opaque) = serde_json::from_slice::<Opaque>(input) {
        assert!(!opaque.contains('\0'));
    }
}

/// Tokens: whoever shows one is a stranger until its name is looked up, or its signature verified. What is read is what is
/// written there, and no more than a token may have.
pub fn token(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    read_token(text);
    let part = |bytes: &[u8]| data_encoding::BASE64URL_NOPAD.encode(bytes);
    let signed = format!("{}.{}.{}", part(br#"{"alg":"EdDSA"}"#), part(input), part(&[7; 64]));
    if let Some(account) = read_token(&signed) {
        let claims: serde_json::Value = serde_json::from_slice(input).unwrap_or_default();
        // A list of them in their order is read, too.
        let [sub, iss] =
            if claims.is_array() { [&claims[0], &claims[1]] } else { [&claims["sub"], &claims["iss"]] };
        assert_eq!((sub.as_str(), iss.as_str()), (Some(&*account), Some("handy")));
        assert!(signed.len() <= 2048);
    }
}

/// Pictures: what is taken for one is within bounds, and there is something to show of it.
pub fn picture(input: &[u8]) {
    if let Ok(picture) = Picture::decode(Bytes::copy_from_slice(input)) {
        assert!((1..=2048).contains(&picture.width) && (1..=2048).contains(&picture.height));
        assert!(strict(&picture.thumbhash).is_some_and(|hash| (5..=25).contains(&hash.len())));
    }
}

/// What vendors of voices answer.
pub fn voice(input: &[u8]) {
    crate::voice::read_anything(input);
}
