//! Tokens that nobody would make.

use atproto::crypto::PrivateKey;
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

/// A token with this header, exactly, and these claims.
pub(crate) fn token(header: &Value, claims: &Value, key: &PrivateKey) -> String {
    let input = format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()));
    let signature = key.sign(input.as_bytes());
    format!("{input}.{}", base64url(signature))
}

/// `value` with a member set to another value, or removed.
pub(crate) fn with(value: &Value, member: &str, other: Option<Value>) -> Value {
    let mut value = value.clone();
    let members = value.as_object_mut().unwrap();
    match other {
        Some(other) => drop(members.insert(member.to_owned(), other)),
        None => drop(members.remove(member).expect("a member to remove")),
    }
    value
}

/// The token with the other of the two signatures that are equivalent: s replaced by the order of the curve less s.
pub(crate) fn with_high_s(token: &str, order: [u8; 32]) -> String {
    let (input, signature) = token.rsplit_once('.').unwrap();
    let mut signature = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    let mut borrow = 0_i16;
    for at in (0..32).rev() {
        let difference = i16::from(order[at]) - i16::from(signature[32 + at]) - borrow;
        borrow = i16::from(difference < 0);
        signature[32 + at] = u8::try_from(difference.rem_euclid(256)).unwrap();
    }
    format!("{input}.{}", base64url(signature))
}

/// The order of p256 and of k256.
pub(crate) fn order_of(alg: &str) -> [u8; 32] {
    let hex = match alg {
        "ES256" => b"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        _ => b"fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
    };
    data_encoding::HEXLOWER.decode(hex).unwrap().try_into().unwrap()
}

pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    BASE64URL_NOPAD.encode(bytes.as_ref())
}
