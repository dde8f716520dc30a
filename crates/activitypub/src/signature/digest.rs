//! What a body hashes to, said in a header of its own.

use aws_lc_rs::{constant_time::verify_slices_are_equal, digest as hash};
use data_encoding::BASE64;
use sfv::{BareItem, Dictionary, ListEntry, Parser};

use super::{MAX_HEADER, SignatureError};

/// The value of `Digest` (RFC 3230), which goes with signatures of the draft.
#[must_use]
pub fn digest(body: &[u8]) -> String {
    format!("SHA-256={}", BASE64.encode(hash::digest(&hash::SHA256, body).as_ref()))
}

/// The value of `Content-Digest` (RFC 9530), which goes with those of RFC 9421.
#[must_use]
pub fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", BASE64.encode(hash::digest(&hash::SHA256, body).as_ref()))
}

/// Whether `Digest` has a hash that counts, and each one that does is the body's.
pub(super) fn check_digest(value: &str, body: &[u8]) -> Result<(), SignatureError> {
    let stated = value.split(',').filter_map(|one| {
        let (name, value) = one.trim().split_once('=')?;
        Some((algorithm(name)?, BASE64.decode(value.as_bytes()).unwrap_or_default()))
    });
    check(value, stated, body)
}

/// The same for `Content-Digest`.
pub(super) fn check_content_digest(value: &str, body: &[u8]) -> Result<(), SignatureError> {
    if value.len() > MAX_HEADER {
        return Err(SignatureError::Digest);
    }
    let fields: Dictionary = Parser::new(value).parse().map_err(|_| SignatureError::Digest)?;
    let stated = fields.into_iter().filter_map(|(name, value)| {
        let algorithm = algorithm(name.as_str())?;
        let ListEntry::Item(item) = value else { return Some((algorithm, Vec::new())) };
        let BareItem::ByteSequence(bytes) = item.bare_item else { return Some((algorithm, Vec::new())) };
        Some((algorithm, bytes))
    });
    check(value, stated, body)
}

fn algorithm(name: &str) -> Option<&'static hash::Algorithm> {
    match name {
        name if name.eq_ignore_ascii_case("sha-256") => Some(&hash::SHA256),
        name if name.eq_ignore_ascii_case("sha-512") => Some(&hash::SHA512),
        _ => None,
    }
}

/// Hashes the body once with each algorithm, however often a stranger names it.
fn check(
    header: &str,
    stated: impl Iterator<Item = (&'static hash::Algorithm, Vec<u8>)>,
    body: &[u8],
) -> Result<(), SignatureError> {
    if header.len() > MAX_HEADER {
        return Err(SignatureError::Digest);
    }
    let mut known: [Option<hash::Digest>; 2] = [None, None];
    let mut good = false;
    for (algorithm, stated) in stated {
        let slot = &mut known[usize::from(*algorithm == hash::SHA512)];
        let actual = slot.get_or_insert_with(|| hash::digest(algorithm, body));
        let is_equal = verify_slices_are_equal(actual.as_ref(), &stated).is_ok();
        if !is_equal && !faults::mutant!("activitypub-digest-not-compared") {
            return Err(SignatureError::Digest);
        }
        good = true;
    }
    if good { Ok(()) } else { Err(SignatureError::Digest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_that_of_the_body() {
        let body = br#"{"hello": "world"}"#;
        assert_eq!(digest(body), "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=");
        assert_eq!(content_digest(body), "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:");
        let sha512 = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";
        assert!(check_content_digest(sha512, body).is_ok());
        for good in [digest(body), format!("md5=x, {}", digest(body)), format!("{0},{0}", digest(body))] {
            assert!(check_digest(&good, body).is_ok(), "{good}");
        }
        assert!(check_digest(&digest(body).replace("SHA", "sha"), body).is_ok());
        for bad in ["", "SHA-256=", "md5=x", "SHA-256=X48E", &format!("{},{}", digest(body), digest(b""))] {
            assert_eq!(check_digest(bad, body), Err(SignatureError::Digest), "{bad}");
            assert_eq!(check_content_digest(bad, body), Err(SignatureError::Digest), "{bad}");
        }
        assert!(check_digest(&digest(body), b"other").is_err());
        assert!(check_content_digest(&content_digest(body), b"other").is_err());
    }
}
