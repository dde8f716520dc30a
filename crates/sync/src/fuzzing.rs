//! What must hold for any bytes of strangers, for fuzzers; see `fuzz/README.md`.

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

/// What vendors of voices answer.
pub fn voice(input: &[u8]) {
    crate::voice::read_anything(input);
}
