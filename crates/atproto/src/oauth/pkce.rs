//! Proof Key for Code Exchange (RFC 7636), with the only method the profile allows, `S256`.

use aws_lc_rs::constant_time::verify_slices_are_equal;

use crate::jose;

/// A verifier of 43 characters, given 32 bytes that nobody can guess.
#[must_use]
pub fn verifier(random: &[u8; 32]) -> String {
    jose::encode(random)
}

/// The challenge that belongs to a verifier, 43 characters.
#[must_use]
pub fn challenge(verifier: &str) -> String {
    jose::sha256(verifier)
}

/// Whether `verifier` has the form of one (43 to 128 unreserved characters) and is the one `challenge` was made of.
#[must_use]
pub fn verify(verifier: &str, challenge: &str) -> bool {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let is_verifier = (43..=128).contains(&verifier.len()) && verifier.bytes().all(is_unreserved);
    is_verifier && verify_slices_are_equal(self::challenge(verifier).as_bytes(), challenge.as_bytes()).is_ok()
}

/// Whether `challenge` has the form of one: base64url of 32 bytes.
#[must_use]
pub fn is_challenge(challenge: &str) -> bool {
    challenge.len() == 43 && jose::decode(challenge).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    #[test]
    fn agrees_with_the_standard() {
        let octets = [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105,
            214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
        ];
        let verifier = verifier(&octets);
        assert_eq!(verifier, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(verify(&verifier, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
        assert!(!verify(&verifier, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN"));
        assert!(!verify(&verifier, &verifier), "the method `plain` does not exist here");
    }

    #[test]
    fn verifiers_are_long_enough_to_be_secret() {
        for (length, valid) in [(0, false), (42, false), (43, true), (128, true), (129, false)] {
            let text = "a".repeat(length);
            assert_eq!(verify(&text, &challenge(&text)), valid, "{length}");
        }
        let text = "a".repeat(42) + "+";
        assert!(!verify(&text, &challenge(&text)));
    }

    #[test]
    fn challenges_are_hashes() {
        assert!(is_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
        for text in
            ["", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"]
        {
            assert!(!is_challenge(text), "{text}");
        }
        assert!(!is_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN"), "stray bits");
    }
}
