//! Attestations, against values that were computed without this crate.

use atproto::attestation::{Attestation, AttestationError, content};
use atproto::crypto::{PrivateKey, PublicKey};
use aws_lc_rs::signature::{ECDSA_P256K1_SHA256_FIXED, UnparsedPublicKey};
use data_encoding::{BASE64_NOPAD, HEXLOWER};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const KIND: &str = "games.gamesgamesgamesgames.attestation";
const KEY_ID: &str = "did:web:view.example.com#attestation";
const REPOSITORY: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";

/// Of the key below.
const POINT: &str = "02989c0b76cb563971fdc9bef31ec06c3560f3249d6ee9e5d83c57625596e05f6f";

fn key() -> PrivateKey {
    PrivateKey::k256(&[7; 32]).unwrap()
}

fn fields(value: Value) -> Map<String, Value> {
    let Value::Object(fields) = value else { panic!("{value}") };
    fields
}

fn simple() -> Value {
    json!({ "$type": "com.example.note", "text": "hello" })
}

/// Everything that the data model has.
fn full() -> Value {
    json!({
        "$type": "com.example.note", "text": "héllo 🌍", "n": -5, "big": 9_007_199_254_740_991_i64, "ok": true,
        "none": null, "tags": ["a", "bb", []],
        "image": {
            "$type": "blob", "ref": { "$link": "bafkreiccldh766hwcnuxnf2wh6jgzepf2nlu2lvcllt63eww5p6chi4ity" },
            "mimeType": "image/png", "size": 3,
        },
        "raw": { "$bytes": "AQID" }, "signatures": [{ "any": "thing" }],
    })
}

/// Records, kinds, repositories, and the CIDs and deterministic signatures (RFC 6979) that an implementation of CBOR and of
/// the curve in another language made of them.
fn vectors() -> [(Value, &'static str, &'static str, &'static str, &'static str); 2] {
    [
        (
            simple(),
            KIND,
            REPOSITORY,
            "bafyreie2uotgyhddpw6jp2cmypn3rcfkn6wf4aizss6ijjaiczgdiizodq",
            "IcEfXddGZA7AocgVZZ3cn/GY8CgeTAK9XVzhAkd7xihVj8K6MRRTAUVWs0qJZzwaLnGqBeEHmg2vVsHlcYLA7g",
        ),
        (
            full(),
            "com.example.seal",
            "",
            "bafyreig4qqtisin4mz5hvnm6or4jp3edlyxt7x2vlszn4g2lmlpb2fbgea",
            "kl4C4aB6QD6LciObNH16vQmO/z0zXnpkZecR9y+kWMYZsQfnWHvfkFXnp+UyzFkznBw+sei4KV4hLKS9caHcrQ",
        ),
    ]
}

#[test]
fn are_what_others_make_of_the_same() {
    let point = HEXLOWER.decode(POINT.as_bytes()).unwrap();
    for (record, kind, repository, cid, signature) in vectors() {
        let record = fields(record);
        assert_eq!(content(record.clone(), kind, repository).unwrap().to_string(), cid);
        let made = Attestation::sign(record.clone(), kind, repository, &key(), KEY_ID).unwrap();
        let json = json!({ "$type": kind, "key": KEY_ID, "signature": { "$bytes": signature } });
        assert_eq!(made.to_json(), json);
        let read = Attestation::read(&json).unwrap();
        assert_eq!(read, made);
        assert_eq!(read.is_by(key().public(), record, repository), Ok(true));
        // The bytes of the CID are the message, for a library that knows nothing of this protocol too.
        let message = atproto::Cid::parse(cid).unwrap().to_bytes();
        let theirs = UnparsedPublicKey::new(&ECDSA_P256K1_SHA256_FIXED, &point);
        theirs.verify(&message, &BASE64_NOPAD.decode(signature.as_bytes()).unwrap()).unwrap();
    }
}

#[test]
fn hold_for_one_key_one_kind_one_repository() {
    let record = fields(full());
    let made = Attestation::sign(record.clone(), KIND, REPOSITORY, &key(), KEY_ID).unwrap();
    let by = |made: &Attestation, key: &PublicKey, repository: &str| {
        made.is_by(key, record.clone(), repository).unwrap()
    };
    assert!(by(&made, key().public(), REPOSITORY));
    assert!(!by(&made, PrivateKey::k256(&[8; 32]).unwrap().public(), REPOSITORY));
    for other in ["", "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"] {
        assert!(!by(&made, key().public(), other));
    }
    assert!(!by(&Attestation { kind: "com.example.seal".to_owned(), ..made }, key().public(), REPOSITORY));
}

#[test]
fn others_of_the_record_change_nothing_of_it() {
    let mut record = fields(full());
    let made = Attestation::sign(record.clone(), KIND, REPOSITORY, &key(), KEY_ID).unwrap();
    record["signatures"] = json!([made.to_json(), { "$type": "com.example.other" }]);
    assert_eq!(made.is_by(key().public(), record.clone(), REPOSITORY), Ok(true));
    record.remove("signatures");
    assert_eq!(made.is_by(key().public(), record, REPOSITORY), Ok(true));
}

/// The order of the curve.
const ORDER: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

#[test]
fn have_one_signature_only() {
    let record = fields(simple());
    let made = Attestation::sign(record.clone(), KIND, REPOSITORY, &key(), KEY_ID).unwrap();
    let order = HEXLOWER.decode(ORDER.as_bytes()).unwrap();
    let mut other = made.clone();
    // The order less s.
    let mut borrow = 0;
    for at in (0..32).rev() {
        let difference = i16::from(order[at]) - i16::from(made.signature[32 + at]) - borrow;
        borrow = i16::from(difference < 0);
        other.signature[32 + at] = u8::try_from(difference.rem_euclid(256)).unwrap();
    }
    assert!(
        key()
            .public()
            .verify_jwt(&content(record.clone(), KIND, REPOSITORY).unwrap().to_bytes(), &other.signature)
            .is_ok()
    );
    assert_eq!(other.is_by(key().public(), record.clone(), REPOSITORY), Ok(false));
    let longer = [&made.signature[..], &[0]].concat();
    for wrong in [Vec::new(), made.signature[..63].to_vec(), longer, vec![0; 64], vec![0xff; 64]] {
        let wrong = Attestation { signature: wrong, ..made.clone() };
        assert_eq!(wrong.is_by(key().public(), record.clone(), REPOSITORY), Ok(false));
    }
}

#[test]
fn that_are_none_are_refused() {
    for json in [
        json!(null),
        json!({}),
        json!([]),
        json!({ "$type": KIND, "key": KEY_ID }),
        json!({ "$type": KIND, "key": KEY_ID, "signature": "AQID" }),
        json!({ "$type": KIND, "key": 7, "signature": { "$bytes": "AQID" } }),
        json!({ "key": KEY_ID, "signature": { "$bytes": "AQID" } }),
    ] {
        assert_eq!(Attestation::read(&json), Err(AttestationError::Incomplete), "{json}");
    }
    let padded = json!({ "$type": KIND, "key": KEY_ID, "signature": { "$bytes": "AQ==" } });
    assert_eq!(Attestation::read(&padded).unwrap().signature, [1]);
    let nonsense = json!({ "$type": KIND, "key": KEY_ID, "signature": { "$bytes": "?" } });
    assert!(Attestation::read(&nonsense).unwrap().signature.is_empty());
    let sign = |record: Value| Attestation::sign(fields(record), KIND, "", &key(), KEY_ID);
    assert!(matches!(sign(json!({ "n": 0.5 })), Err(AttestationError::NotEncodable(_))));
    assert!(matches!(sign(json!({ "text": "x".repeat(1 << 20) })), Err(AttestationError::Record(_))));
}

/// Any value of the data model.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z$é]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn records() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map("[a-z]{1,6}", values(), 0..6).prop_map(|fields| fields.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn whatever_changes_breaks_them(record in records(), name in "[a-z]{1,6}", value in values(), bit in 0..512_usize) {
        let made = Attestation::sign(record.clone(), KIND, REPOSITORY, &key(), KEY_ID).unwrap();
        prop_assert_eq!(made.is_by(key().public(), record.clone(), REPOSITORY), Ok(true));
        let mut flipped = made.clone();
        flipped.signature[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(flipped.is_by(key().public(), record.clone(), REPOSITORY), Ok(false));
        let mut changed = record.clone();
        changed.insert(name, value);
        prop_assert_eq!(made.is_by(key().public(), changed.clone(), REPOSITORY), Ok(changed == record));
        for name in record.keys() {
            let mut less = record.clone();
            less.remove(name);
            prop_assert_eq!(made.is_by(key().public(), less, REPOSITORY), Ok(false));
        }
    }
}
