//! Keys and signatures against the protocol's vectors.

use atproto::crypto::PublicKey;
use shrike::cbor::json::decode_base64;

use crate::vectors;

#[test]
fn signatures_are_valid_exactly_where_the_vectors_say_so() {
    for vector in vectors::json("crypto/signature-fixtures.json").as_array().unwrap() {
        let text = |field: &str| vector[field].as_str().unwrap();
        let key = PublicKey::parse_did_key(text("publicKeyDid")).unwrap();
        assert_eq!(key.jwt_alg(), text("algorithm"));
        let message = decode_base64(text("messageBase64")).unwrap();
        let signature = decode_base64(text("signatureBase64")).unwrap();
        let comment = text("comment");
        assert_eq!(key.verify(&message, &signature).is_ok(), vector["validSignature"] == true, "{comment}");
        // JSON Web Tokens also take the other of the two equivalent signatures.
        let is_raw = !comment.contains("DER");
        assert_eq!(key.verify_jwt(&message, &signature).is_ok(), is_raw, "{comment}");
        assert!(key.verify_jwt(b"another message", &signature).is_err(), "{comment}");
    }
}

#[test]
fn legacy_keys_are_the_same_keys() {
    for vector in vectors::json("crypto/signature-fixtures.json").as_array().unwrap() {
        let text = |field: &str| vector[field].as_str().unwrap();
        let bare = text("publicKeyMultibase");
        let (this, other) = match text("didDocSuite") {
            "EcdsaSecp256k1VerificationKey2019" => {
                (PublicKey::parse_legacy_k256(bare), PublicKey::parse_legacy_p256(bare))
            }
            _ => (PublicKey::parse_legacy_p256(bare), PublicKey::parse_legacy_k256(bare)),
        };
        let this = this.unwrap();
        assert_eq!(this, PublicKey::parse_did_key(text("publicKeyDid")).unwrap());
        assert_eq!(PublicKey::parse_multikey(&this.multikey()), Ok(this.clone()));
        assert_ne!(other.as_ref(), Ok(&this));
        assert!(PublicKey::parse_multikey(bare).is_err());
    }
}

#[test]
fn did_keys_survive() {
    for file in ["K256", "P256"] {
        for vector in vectors::json(&format!("crypto/w3c_didkey_{file}.json")).as_array().unwrap() {
            let did_key = vector["publicDidKey"].as_str().unwrap();
            assert_eq!(PublicKey::parse_did_key(did_key).unwrap().did_key(), did_key);
        }
    }
}

#[test]
fn what_is_no_key_is_refused() {
    let long = format!("z{}", "2".repeat(1_000_000));
    for text in ["", "z", "z0", "z111111111", "zQ3sh", "mBcDx", &long] {
        let error = PublicKey::parse_multikey(text).unwrap_err();
        assert!(error.to_string().len() < 200, "{error}");
        assert!(PublicKey::parse_did_key(&format!("did:key:{text}")).is_err());
        assert!(PublicKey::parse_legacy_k256(text).is_err());
        assert!(PublicKey::parse_legacy_p256(text).is_err());
    }
}
