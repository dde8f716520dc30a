//! Accounts of the sync app.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::HttpClient;

/// What `POST /v1/auth` takes of whoever has this key (spec/sync.md §1.1).
#[must_use]
pub fn credentials(key: &Ed25519KeyPair, challenge: &[u8]) -> Value {
    json!({
        "publicKey": BASE64.encode(key.public_key().as_ref()),
        "challenge": BASE64.encode(challenge),
        "signature": BASE64.encode(key.sign(challenge).as_ref()),
    })
}

/// Somebody new: their token.
pub async fn log_in(server: &HttpClient) -> String {
    let key = Ed25519KeyPair::generate().unwrap_or_else(|error| panic!("a key: {error}"));
    let answer = server.post("/v1/auth", &credentials(&key, b"anything")).await.expect(200);
    assert_eq!(answer["success"], true);
    answer["token"].as_str().unwrap_or_else(|| panic!("no token in {answer}")).to_owned()
}
