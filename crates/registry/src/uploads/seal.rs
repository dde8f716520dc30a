//! Whose an upload is, said in a way that nobody else can say it.

use atproto::Did;
use aws_lc_rs::hmac;
use blobs::Sender;
use data_encoding::BASE64URL_NOPAD;
use oci::UploadId;

use crate::Repository;
use crate::place::Place;

/// Bytes of a code that nobody guesses.
const LENGTH: usize = 16;

/// Seals the names of uploads.
pub(crate) struct Seal(hmac::Key);

impl Seal {
    /// With a secret that all instances share.
    pub(crate) fn new(key: hmac::Key) -> Self {
        Self(key)
    }

    /// The seal of an upload into this repository and this hold. Only its owner sends anything to it, so it says whose the upload is as
    /// well.
    pub(crate) fn of(&self, id: UploadId, repository: &Repository, place: &Place) -> String {
        let code = BASE64URL_NOPAD.encode(&self.code(id, repository, place)[..LENGTH]);
        match place {
            Place::Here => code,
            Place::In(hold) => format!("{code}.{}", BASE64URL_NOPAD.encode(hold.as_str().as_bytes())),
        }
    }

    /// Who the uploads into an owner's repositories are counted for. Nobody makes an account that is counted as another.
    pub(crate) fn sender(&self, owner: &Did) -> Sender {
        let mut sender = [0; 4];
        // No upload is called so.
        let code = hmac::sign(&self.0, format!("sender\n{owner}").as_bytes());
        sender.copy_from_slice(&code.as_ref()[..4]);
        Sender(sender)
    }

    /// The hold that an upload goes to, if it is one of ours.
    pub(crate) fn open(&self, seal: &str, id: UploadId, repository: &Repository) -> Option<Place> {
        let (code, place) = match seal.split_once('.') {
            None => (seal, Place::Here),
            Some((code, hold)) => {
                let hold = String::from_utf8(BASE64URL_NOPAD.decode(hold.as_bytes()).ok()?).ok()?;
                (code, Place::In(Did::parse(&hold).ok()?))
            }
        };
        let expected = &self.code(id, repository, &place)[..LENGTH];
        let given = BASE64URL_NOPAD.decode(code.as_bytes()).unwrap_or_default();
        let is_ours = aws_lc_rs::constant_time::verify_slices_are_equal(&given, expected).is_ok();
        (is_ours || faults::mutant!("registry-upload-of-another")).then_some(place)
    }

    fn code(&self, id: UploadId, repository: &Repository, place: &Place) -> [u8; 32] {
        let place = place.column().unwrap_or_default();
        // No part has the character between them.
        let text = format!("{id}\n{}\n{}\n{place}", repository.owner, repository.name);
        let mut code = [0; 32];
        code.copy_from_slice(hmac::sign(&self.0, text.as_bytes()).as_ref());
        code
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nobody_guesses_one(seal in "[A-Za-z0-9_.-]{0,80}|\\PC*") {
            let sealing = Seal::new(hmac::Key::new(hmac::HMAC_SHA256, b"secret"));
            let repository = Repository { owner: Did::parse("did:web:alice.test").unwrap(), name: "app".into() };
            prop_assert_eq!(sealing.open(&seal, UploadId::from([7; 16]), &repository), None);
        }
    }

    #[test]
    fn is_good_for_one_upload_into_one_repository() {
        let of = |secret: &[u8]| Seal::new(hmac::Key::new(hmac::HMAC_SHA256, secret));
        let repository =
            |owner: &str, name: &str| Repository { owner: Did::parse(owner).unwrap(), name: name.to_owned() };
        let app = repository("did:web:alice.test", "app");
        let (seal, id) = (of(b"secret"), UploadId::from([7; 16]));
        let elsewhere = Place::In(Did::parse("did:web:hold.test").unwrap());
        for place in [Place::Here, elsewhere] {
            let good = seal.of(id, &app, &place);
            assert_eq!(seal.open(&good, id, &app), Some(place));
            assert_eq!(seal.open(&good, id, &repository("did:web:alice.test", "app2")), None);
            assert_eq!(seal.open(&good, id, &repository("did:web:bob.test", "app")), None);
            assert_eq!(seal.open(&good, UploadId::from([8; 16]), &app), None);
            assert_eq!(of(b"other").open(&good, id, &app), None);
            let other = format!("{}.{}", &good[..22], BASE64URL_NOPAD.encode(b"did:web:other.test"));
            for bad in ["", "A", &good[1..], &format!("{good}A"), "!!!!", &format!("{good}."), &other] {
                assert_eq!(seal.open(bad, id, &app), None, "{bad}");
            }
        }
    }
}
