//! Service tokens, right in every respect but the one that a test changes.

use atproto::Did;
use atproto::crypto::PrivateKey;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

/// A service token before it is signed (spec/appview.md §3.4).
#[derive(Clone, Debug)]
pub struct ServiceTokenDraft {
    header: Value,
    claims: Value,
}

impl ServiceTokenDraft {
    /// A good one for a method, good for a minute.
    #[must_use]
    pub fn new(issuer: &Did, audience: &str, method: &str) -> Self {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        Self {
            header: json!({ "typ": "JWT" }),
            claims: json!({
                "iss": issuer, "aud": audience, "lxm": method,
                "iat": now, "exp": now + 60, "jti": Uuid::new_v4().to_string(),
            }),
        }
    }

    /// With another value of a claim; null leaves it out.
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        set(&mut self.claims, name, value.into());
        self
    }

    /// With another value in the header; null leaves it out.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        set(&mut self.header, name, value.into());
        self
    }

    /// The token. Its `alg` is that of the key unless the header has one.
    #[must_use]
    pub fn sign(&self, key: &PrivateKey) -> String {
        let input = self.input(key);
        let signature = key.sign(input.as_bytes());
        format!("{input}.{}", BASE64URL_NOPAD.encode(&signature))
    }

    /// The token with the greater of the two signatures that are mathematically equivalent.
    #[must_use]
    pub fn sign_high(&self, key: &PrivateKey) -> String {
        let input = self.input(key);
        let mut signature = key.sign(input.as_bytes());
        negate(&mut signature[32..], &order(key));
        format!("{input}.{}", BASE64URL_NOPAD.encode(&signature))
    }

    fn input(&self, key: &PrivateKey) -> String {
        let mut header = self.header.clone();
        if header["alg"].is_null() {
            header["alg"] = key.public().jwt_alg().into();
        }
        let part = |json: &Value| BASE64URL_NOPAD.encode(json.to_string().as_bytes());
        format!("{}.{}", part(&header), part(&self.claims))
    }
}

fn set(object: &mut Value, name: &str, value: Value) {
    match (value, object) {
        (Value::Null, Value::Object(members)) => drop(members.remove(name)),
        (value, object) => object[name] = value,
    }
}

/// The order of the key's curve, big-endian (SEC 2, sections 2.4.1 and 2.4.2).
fn order(key: &PrivateKey) -> Vec<u8> {
    let hex = match key.public().jwt_alg() {
        "ES256K" => "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        _ => "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    };
    HEXLOWER.decode(hex.as_bytes()).unwrap_or_else(|error| panic!("{hex}: {error}"))
}

/// `order - value` in place of `value`.
fn negate(value: &mut [u8], order: &[u8]) {
    let mut borrow = 0;
    for (digit, order) in value.iter_mut().zip(order).rev() {
        let difference = i16::from(*order) - i16::from(*digit) - borrow;
        borrow = i16::from(difference < 0);
        *digit = difference.rem_euclid(256).to_be_bytes()[1];
    }
}
