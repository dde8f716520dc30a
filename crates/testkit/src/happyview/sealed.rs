//! Secrets as HappyView encrypts them (spec/appview.md §2.10).

use atproto::crypto::PrivateKey;
use aws_lc_rs::aead::{AES_256_GCM, Aad, RandomizedNonceKey};

/// `nonce ‖ ciphertext ‖ tag`
pub(super) fn seal(key: &[u8; 32], plaintext: &[u8]) -> Vec<u8> {
    let key = RandomizedNonceKey::new(&AES_256_GCM, key).unwrap_or_else(|error| panic!("a key: {error}"));
    let mut text = plaintext.to_vec();
    let sealed = key.seal_in_place_append_tag(Aad::empty(), &mut text);
    let nonce = sealed.unwrap_or_else(|error| panic!("sealing: {error}"));
    [&nonce.as_ref()[..], &text].concat()
}

/// Of a P-256 scalar, as DID documents show it.
pub(super) fn public_key(scalar: &[u8; 32]) -> String {
    let key = PrivateKey::p256(scalar).unwrap_or_else(|error| panic!("a scalar: {error}"));
    key.public().multikey()
}
