//! Whose an upload is, said in a way that nobody else can say it.

use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use oci::UploadId;

use crate::Repository;

/// Bytes of a code that nobody guesses.
const LENGTH: usize = 16;

/// Seals the names of uploads.
pub(crate) struct Seal(hmac::Key);

impl Seal {
    /// With a secret that all instances share.
    pub(crate) fn new(key: hmac::Key) -> Self {
        Self(key)
    }

    /// The seal of an upload into this repository. Only its owner sends anything to it, so it says whose the upload is as well.
    pub(crate) fn of(&self, id: UploadId, repository: &Repository) -> String {
        BASE64URL_NOPAD.encode(&self.code(id, repository)[..LENGTH])
    }

    /// Whether it is one of ours.
    pub(crate) fn opens(&self, seal: &str, id: UploadId, repository: &Repository) -> bool {
        let expected = &self.code(id, repository)[..LENGTH];
        let given = BASE64URL_NOPAD.decode(seal.as_bytes()).unwrap_or_default();
        aws_lc_rs::constant_time::verify_slices_are_equal(&given, expected).is_ok()
    }

    fn code(&self, id: UploadId, repository: &Repository) -> [u8; 32] {
        // No part has the character between them.
        let text = format!("{id}\n{}\n{}", repository.owner, repository.name);
        let mut code = [0; 32];
        code.copy_from_slice(hmac::sign(&self.0, text.as_bytes()).as_ref());
        code
    }
}

#[cfg(test)]
mod tests {
    use atproto::Did;

    use super::*;

    #[test]
    fn is_good_for_one_upload_into_one_repository() {
        let of = |secret: &[u8]| Seal::new(hmac::Key::new(hmac::HMAC_SHA256, secret));
        let repository =
            |owner: &str, name: &str| Repository { owner: Did::parse(owner).unwrap(), name: name.to_owned() };
        let app = repository("did:web:alice.test", "app");
        let (seal, id) = (of(b"secret"), UploadId::from([7; 16]));
        let good = seal.of(id, &app);
        assert!(seal.opens(&good, id, &app));
        assert!(!seal.opens(&good, id, &repository("did:web:alice.test", "app2")));
        assert!(!seal.opens(&good, id, &repository("did:web:bob.test", "app")));
        assert!(!seal.opens(&good, UploadId::from([8; 16]), &app));
        assert!(!of(b"other").opens(&good, id, &app));
        for bad in ["", "A", &good[1..], &format!("{good}A"), "!!!!"] {
            assert!(!seal.opens(bad, id, &app), "{bad}");
        }
    }
}
