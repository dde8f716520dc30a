//! Secrets as clients get them and as they are kept.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};

/// A new one, of 256 random bits.
pub(crate) fn random() -> String {
    BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>())
}

/// What is kept of one.
pub(crate) fn hash(secret: &str) -> String {
    HEXLOWER.encode(digest(&SHA256, secret.as_bytes()).as_ref())
}

/// Whether a secret is the one that this was kept of.
pub(crate) fn is(secret: &str, hashed: &str) -> bool {
    verify_slices_are_equal(hash(secret).as_bytes(), hashed.as_bytes()).is_ok()
}

/// Whether `verifier` is what the challenge was made of (RFC 7636 §4.6, S256).
pub(super) fn answers(verifier: &str, challenge: &str) -> bool {
    let made = BASE64URL_NOPAD.encode(digest(&SHA256, verifier.as_bytes()).as_ref());
    verify_slices_are_equal(made.as_bytes(), challenge.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert!(answers(verifier, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
        assert!(!answers("another", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    }
}
