//! URLs that stand for a right: whoever has one does one thing with one blob, for a quarter of an hour, and needs no token.

use std::time::Duration;

use atproto::Did;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use clock::{micros, now_micros};
use data_encoding::BASE64URL_NOPAD;
use oci::{Digest, UploadId};
use serde::Deserialize;
use url::Url;

/// How long one is good for.
pub(crate) const LIFE: Duration = Duration::from_mins(15);

/// What signs them. It must be the same on all instances and known to nobody else.
pub struct SigningKey(pub hmac::Key);

/// What may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Right<'a> {
    /// Reading a blob, or parts of it.
    Get(&'a Digest),
    /// Learning whether a blob is here, and its size.
    Head(&'a Digest),
    /// Sending a blob.
    Put(&'a Digest),
    /// Sending a part of somebody's upload.
    Part(UploadId, &'a Did, u32),
}

/// The signature of a URL, as its query has it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Signature {
    /// Seconds since 1970.
    pub(crate) expires: i64,
    pub(crate) signature: String,
}

/// Signs and checks.
pub(crate) struct Signed {
    key: hmac::Key,
    base: String,
}

impl Right<'_> {
    fn text(&self) -> String {
        // No part has the character between them.
        match self {
            Self::Get(digest) => format!("GET\n{digest}"),
            Self::Head(digest) => format!("HEAD\n{digest}"),
            Self::Put(digest) => format!("PUT\n{digest}"),
            Self::Part(id, owner, number) => format!("PART\n{id}\n{owner}\n{number}"),
        }
    }
}

impl Signed {
    pub(crate) fn new(key: SigningKey, base: &Url) -> Self {
        Self { key: key.0, base: base.as_str().trim_end_matches('/').to_owned() }
    }

    /// The URL of a method with these parameters for this right, and when it ends, in microseconds.
    pub(crate) fn url(&self, nsid: &str, right: Right<'_>, parameters: &[(&str, &str)]) -> (String, i64) {
        let expires = (now_micros() + micros(LIFE)) / 1_000_000;
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(parameters)
            .append_pair("expires", &expires.to_string())
            .append_pair("signature", &BASE64URL_NOPAD.encode(self.code(right, expires).as_ref()))
            .finish();
        (format!("{}/xrpc/{nsid}?{query}", self.base), expires * 1_000_000)
    }

    /// Whether a URL was signed for this, and not too long ago.
    pub(crate) fn admits(&self, signature: &Signature, right: Right<'_>) -> bool {
        let given = BASE64URL_NOPAD.decode(signature.signature.as_bytes()).unwrap_or_default();
        let expected = self.code(right, signature.expires);
        let is_ours = verify_slices_are_equal(&given, expected.as_ref()).is_ok();
        let is_ours = is_ours || faults::mutant!("hold-xrpc-url-for-anything");
        is_ours
            && (signature.expires > now_micros() / 1_000_000 || faults::mutant!("hold-xrpc-url-without-end"))
    }

    fn code(&self, right: Right<'_>, expires: i64) -> hmac::Tag {
        hmac::sign(&self.key, format!("{expires}\n{}", right.text()).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use oci::Algorithm;

    use super::*;

    fn signed(secret: &[u8]) -> Signed {
        let key = SigningKey(hmac::Key::new(hmac::HMAC_SHA256, secret));
        Signed::new(key, &Url::parse("https://hold.test/base").unwrap())
    }

    fn signature(url: &str) -> Signature {
        let url = Url::parse(url).unwrap();
        let find = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        Signature { expires: find("expires").parse().unwrap(), signature: find("signature") }
    }

    #[test]
    fn is_good_for_one_thing() {
        let (ours, digest) = (signed(b"secret"), Digest::of(Algorithm::Sha256, b"one"));
        let other = Digest::of(Algorithm::Sha256, b"other");
        let (url, _) = ours.url("a.b.c", Right::Get(&digest), &[("cid", &digest.to_string())]);
        assert!(url.starts_with("https://hold.test/base/xrpc/a.b.c?cid=sha256%3A"), "{url}");
        let good = signature(&url);
        assert!(ours.admits(&good, Right::Get(&digest)));
        let (id, owner) = (UploadId::from([7; 16]), Did::parse("did:web:alice.test").unwrap());
        for wrong in
            [Right::Get(&other), Right::Head(&digest), Right::Put(&digest), Right::Part(id, &owner, 1)]
        {
            assert!(!ours.admits(&good, wrong), "{wrong:?}");
        }
        assert!(!signed(b"other").admits(&good, Right::Get(&digest)));
        let later = Signature { expires: good.expires + 1, ..good.clone() };
        assert!(!ours.admits(&later, Right::Get(&digest)));
        for bad in ["", "A", &good.signature[1..], "!!!!"] {
            assert!(
                !ours.admits(&Signature { signature: bad.to_owned(), ..good.clone() }, Right::Get(&digest))
            );
        }
        let (url, _) = ours.url("a.b.c", Right::Part(id, &owner, 1), &[]);
        assert!(ours.admits(&signature(&url), Right::Part(id, &owner, 1)));
        assert!(!ours.admits(&signature(&url), Right::Part(id, &owner, 2)));
    }

    #[test]
    fn ends() {
        let (ours, digest) = (signed(b"secret"), Digest::of(Algorithm::Sha256, b"one"));
        let expires = now_micros() / 1_000_000;
        let signature = BASE64URL_NOPAD.encode(ours.code(Right::Get(&digest), expires).as_ref());
        assert!(!ours.admits(&Signature { expires, signature }, Right::Get(&digest)));
    }
}
