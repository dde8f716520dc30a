//! What must hold for any request of a stranger, for fuzzers; see `fuzz/README.md`.

use std::collections::HashSet;

use aws_lc_rs::hmac;
use http::Uri;
use oci::{Algorithm, Digest};
use url::Url;

use crate::caller::bearer;
use crate::manifest::{self, named};
use crate::signed::{Right, Signed};
use crate::{SigningKey, input, uploads};

/// Bodies of methods: what an image needs is named once, and what is refused is refused in a few words.
pub fn body(input: &[u8]) {
    if let Ok(manifest::Input { manifest, .. }) = input::object(input)
        && let Ok(named) = named(manifest)
    {
        let digests: HashSet<_> = named.iter().map(|(digest, _)| digest).collect();
        assert_eq!(digests.len(), named.len());
        assert!(named.iter().all(|(_, kind)| kind.len() <= 128 && !oci::is_foreign(kind)));
    }
    if let Ok(uploads::Completed { parts, .. }) = input::object(input) {
        assert!(parts.len() <= input.len());
    }
}

/// Signed URLs and tokens: no stranger makes one up, and one that was made is good for what it was made for.
pub fn url(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    // A URL that is longer is none.
    if text.len() > 8 << 10 {
        return;
    }
    if let Some(token) = bearer(text) {
        assert!(text.ends_with(token) && !token.starts_with(' '));
    }
    let Ok(base) = Url::parse("https://hold.test") else { return };
    let ours = Signed::new(SigningKey(hmac::Key::new(hmac::HMAC_SHA256, b"secret")), &base);
    let query: String = url::form_urlencoded::byte_serialize(input).collect();
    for query in [text, &*query] {
        if let Ok(uri) = format!("/xrpc/m?signature=&{query}").parse::<Uri>() {
            assert!(uploads::signed(&ours, &uri).is_err());
        }
    }
    let digest = Digest::of(Algorithm::Sha256, input);
    let (made, _) = ours.url("m", Right::Put(&digest), &[("cid", &digest.to_string()), ("x", text)]);
    let Ok(uri) = made.parse::<Uri>() else { unreachable!("{made}") };
    assert!(uploads::signed(&ours, &uri).is_ok(), "{made}");
    let another = made.replace("cid=", "cid=sha256%3Aab&x=");
    assert!(another.parse::<Uri>().is_ok_and(|uri| uploads::signed(&ours, &uri).is_err()), "{another}");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_a_stranger_sends(
            bytes in proptest::collection::vec(any::<u8>(), 0..120),
            text in ".{0,80}",
            query in "((uploadId|partNumber|did|cid|expires|signature)=[a-z0-9:%]{0,12}&?){0,7}",
            layers in r#"(\{"digest":"sha256:(ab|0{64}|1{64})","mediaType":"[a-z/ .]{0,12}"\},?){0,3}"#,
        ) {
            let told = format!(
                r#"{{"repository":"a","userDid":"b","manifestDigest":"c","manifest":{{"layers":[{}]}}}}"#,
                layers.trim_end_matches(','),
            );
            for input in [&bytes[..], text.as_bytes(), told.as_bytes()] {
                super::body(input);
            }
            for input in [&bytes[..], text.as_bytes(), query.as_bytes()] {
                super::url(input);
            }
        }
    }
}
