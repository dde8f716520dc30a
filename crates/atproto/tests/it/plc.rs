//! PLC operations: the directory's vectors, our own operations, and what a lying directory may serve.

use atproto::Did;
use atproto::crypto::PrivateKey;
use atproto::plc::{Operation, PlcError, Service, SignedOperation, latest};
use serde_json::{Value, json};

use crate::tokens::{base64url, with};
use crate::vectors;

fn parse(operation: &Value) -> Result<SignedOperation, PlcError> {
    SignedOperation::parse(operation.to_string().as_bytes())
}

/// The operations of an audit log that count, as `/DID/log` serves them, and the DID.
fn log(path: &str) -> (Value, Did) {
    let audit = vectors::json(path);
    let entries = audit.as_array().unwrap();
    let active = entries.iter().filter(|entry| entry["nullified"] == false);
    let did = Did::parse(entries[0]["did"].as_str().unwrap()).unwrap();
    (active.map(|entry| entry["operation"].clone()).collect(), did)
}

fn check(log: &Value, did: &Did) -> Result<SignedOperation, PlcError> {
    latest(log.to_string().as_bytes(), did)
}

fn genesis(key: &PrivateKey) -> Operation {
    Operation {
        rotation_keys: vec![key.public().did_key()],
        verification_methods: [("atproto".to_owned(), PrivateKey::generate_p256().public().did_key())].into(),
        also_known_as: vec!["at://view.test".to_owned()],
        services: [(
            "appview".to_owned(),
            Service { kind: "AppView".to_owned(), endpoint: "https://view.test".to_owned() },
        )]
        .into(),
        prev: None,
    }
}

#[test]
fn valid_logs_are_believed_to_the_last_operation() {
    for name in [
        "log_bskyapp",
        "log_legacy_dholms",
        "log_bnewbold_robocracy",
        "log_empty_rotation_keys",
        "log_duplicate_rotation_keys",
        "log_nullification",
        "log_nullification_nontrivial",
        "log_nullification_at_exactly_72h",
        "log_nullified_tombstone",
        "log_tombstone",
    ] {
        let path = format!("plc/valid/{name}.json");
        let audit = vectors::json(&path);
        for entry in audit.as_array().unwrap() {
            let operation = parse(&entry["operation"]).unwrap();
            assert_eq!(operation.cid().to_string(), entry["cid"], "{name}");
            assert_eq!(operation.json(), &entry["operation"], "{name}");
        }
        let (log, did) = log(&path);
        let last = check(&log, &did).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(Some(last.json()), log.as_array().unwrap().last(), "{name}");
        assert_eq!(last.operation().is_none(), name == "log_tombstone", "{name}");
        assert_eq!(last.next().is_none(), name == "log_tombstone", "{name}");
    }
}

#[test]
fn signatures_have_one_form() {
    for (name, malformed) in [
        ("log_invalid_sig_b64_newline", true),
        ("log_invalid_sig_b64_padding_bits", true),
        ("log_invalid_sig_b64_padding_chars", true),
        // DER of the length that two bare numbers have.
        ("log_invalid_sig_der", false),
        ("log_invalid_sig_k256_high_s", false),
        ("log_invalid_sig_p256_high_s", false),
    ] {
        let (log, did) = log(&format!("plc/invalid/{name}.json"));
        match check(&log, &did).unwrap_err() {
            PlcError::SignatureForm => assert!(malformed, "{name}"),
            PlcError::Signature(_) => assert!(!malformed, "{name}"),
            other => panic!("{name}: {other}"),
        }
    }
}

#[test]
fn nothing_follows_a_tombstone() {
    let (log, did) = log("plc/invalid/log_invalid_update_tombstoned.json");
    assert_eq!(check(&log, &did), Err(PlcError::Tombstoned(did)));
}

#[test]
fn an_operation_must_follow_the_last_one_that_counts() {
    let (log, did) = log("plc/invalid/log_invalid_update_nullified.json");
    assert!(matches!(check(&log, &did), Err(PlcError::WrongPrevious(_))));
}

#[test]
fn an_operation_from_before_2023_means_one_of_today() {
    let (log, did) = log("plc/valid/log_legacy_dholms.json");
    let first = parse(&log[0]).unwrap();
    assert_eq!(first.did(), Some(did));
    let operation = first.operation().unwrap();
    let of = |member: &str| log[0][member].as_str().unwrap().to_owned();
    assert_eq!(operation.rotation_keys, [of("recoveryKey"), of("signingKey")]);
    assert_eq!(operation.verification_methods["atproto"], of("signingKey"));
    assert_eq!(operation.also_known_as, [format!("at://{}", of("handle"))]);
    let pds = &operation.services["atproto_pds"];
    assert_eq!((pds.kind.as_str(), &pds.endpoint), ("AtprotoPersonalDataServer", &of("service")));
}

#[test]
fn a_did_is_made_changed_and_verified() {
    for key in [PrivateKey::generate_p256(), PrivateKey::generate_k256()] {
        let first = genesis(&key).sign(&key).unwrap();
        let did = first.did().unwrap();
        assert_eq!((did.method(), did.identifier().len()), ("plc", 24));
        assert_eq!(first.json()["prev"], Value::Null);
        assert_eq!(check(&json!([first.json()]), &did).as_ref(), Ok(&first));

        let mut next = first.next().unwrap();
        assert_eq!(next.prev, Some(first.cid()));
        next.services.clear();
        let second = next.sign(&key).unwrap();
        assert_eq!(second.prev(), Some(first.cid()));
        assert_eq!(second.did(), None, "only the first operation makes a DID");
        assert_eq!(second.json()["prev"], first.cid().to_string());
        let log = json!([first.json(), second.json()]);
        assert_eq!(check(&log, &did).as_ref(), Ok(&second));
        assert!(second.operation().unwrap().services.is_empty());
        assert_eq!(second.operation().unwrap().also_known_as, ["at://view.test"]);
    }
}

#[test]
fn a_lying_directory_is_not_believed() {
    let [key, thief] = [PrivateKey::generate_p256(), PrivateKey::generate_p256()];
    let first = genesis(&key).sign(&key).unwrap();
    let did = first.did().unwrap();
    let other = genesis(&thief).sign(&thief).unwrap();
    assert_eq!(check(&json!([other.json()]), &did), Err(PlcError::WrongDid(did.clone())));
    assert_eq!(check(&json!([]), &did), Err(PlcError::Empty(did.clone())));

    let mut stolen = first.next().unwrap();
    stolen.rotation_keys = vec![thief.public().did_key()];
    let stolen = stolen.sign(&thief).unwrap();
    assert_eq!(
        check(&json!([first.json(), stolen.json()]), &did),
        Err(PlcError::Signature(stolen.cid())),
        "the keys of the operation before decide, not its own"
    );
    let second = first.next().unwrap().sign(&key).unwrap();
    assert_eq!(check(&json!([second.json()]), &did), Err(PlcError::WrongDid(did.clone())));
    let gap = second.next().unwrap().sign(&key).unwrap();
    assert_eq!(check(&json!([first.json(), gap.json()]), &did), Err(PlcError::WrongPrevious(gap.cid())));

    let unsigned = genesis(&key).sign(&thief).unwrap();
    let did_of_unsigned = unsigned.did().unwrap();
    assert_eq!(
        check(&json!([unsigned.json()]), &did_of_unsigned),
        Err(PlcError::Signature(unsigned.cid())),
        "the first operation is signed by a key it names"
    );
    let edited = with(first.json(), "alsoKnownAs", Some(json!(["at://thief.test"])));
    let edited = parse(&edited).unwrap();
    assert_ne!(edited.did(), Some(did.clone()), "every byte counts");
    assert!(matches!(edited.verify(&genesis(&key).rotation_keys), Err(PlcError::Signature(_))));
    assert!(first.verify(&["nonsense".to_owned(), key.public().did_key()]).is_ok());
    assert!(first.verify(&[]).is_err());
}

/// What was signed counts, members that mean nothing included.
#[test]
fn unknown_members_are_part_of_the_hash() {
    let key = PrivateKey::generate_p256();
    let first = genesis(&key).sign(&key).unwrap();
    let more = parse(&with(first.json(), "more", Some(json!("x")))).unwrap();
    assert_ne!(more.cid(), first.cid());
    assert!(more.verify(&first.operation().unwrap().rotation_keys).is_err());
}

#[test]
fn malformed_operations_are_refused() {
    let key = PrivateKey::generate_p256();
    let valid = genesis(&key).sign(&key).unwrap().json().clone();
    for (member, value) in [
        ("type", Some(json!("plc_other"))),
        ("type", None),
        ("rotationKeys", None),
        ("rotationKeys", Some(json!("did:key:z"))),
        ("services", Some(json!({"a": {"type": "B"}}))),
        ("prev", Some(json!("not a cid"))),
        ("verificationMethods", Some(json!([]))),
        ("alsoKnownAs", Some(json!([1]))),
    ] {
        assert!(matches!(parse(&with(&valid, member, value)), Err(PlcError::Unreadable(_))), "{member}");
    }
    for signature in [None, Some(json!(1)), Some(json!(base64url([1; 63]))), Some(json!(""))] {
        assert_eq!(parse(&with(&valid, "sig", signature)), Err(PlcError::SignatureForm));
    }
    assert!(matches!(parse(&with(&valid, "x", Some(json!(1.5)))), Err(PlcError::NotEncodable(_))));
    assert!(matches!(
        parse(&with(&valid, "x", Some("a".repeat(4000).into()))),
        Err(PlcError::TooLarge { .. })
    ));
    assert!(matches!(
        parse(&with(&valid, "x", Some("a".repeat(16 << 10).into()))),
        Err(PlcError::Unreadable(_))
    ));
    assert!(matches!(parse(&json!([])), Err(PlcError::Unreadable(_))));
    let did = Did::parse("did:plc:abc").unwrap();
    for log in [json!({}), json!([1]), json!("a".repeat(2 << 20))] {
        assert!(matches!(check(&log, &did), Err(PlcError::Unreadable(_))));
    }
}

#[test]
fn what_the_directory_would_refuse_is_not_signed() {
    let key = PrivateKey::generate_p256();
    let refusal = |change: fn(&mut Operation)| {
        let mut operation = genesis(&key);
        change(&mut operation);
        operation.sign(&key).unwrap_err()
    };
    let limit = |list| PlcError::TooMany { list, limit: 10 };
    let names = |at: usize| format!("n{at}");
    assert_eq!(refusal(|o| o.rotation_keys = vec![o.rotation_keys[0].clone(); 11]), limit("rotation keys"));
    assert_eq!(refusal(|o| o.also_known_as = vec![o.also_known_as[0].clone(); 11]), limit("names"));
    let mut many = genesis(&key);
    let method = many.verification_methods["atproto"].clone();
    many.verification_methods = (0..11).map(|at| (names(at), method.clone())).collect();
    assert_eq!(many.sign(&key).unwrap_err(), limit("verification methods"));
    let mut many = genesis(&key);
    let service = many.services["appview"].clone();
    many.services = (0..11).map(|at| (names(at), service.clone())).collect();
    assert_eq!(many.sign(&key).unwrap_err(), limit("services"));
    assert_eq!(refusal(|o| o.rotation_keys.push("x".to_owned())), PlcError::RotationKey("x".to_owned()));
    let too_large = refusal(|o| o.also_known_as = vec![format!("at://{}", "a".repeat(4000))]);
    assert!(matches!(too_large, PlcError::TooLarge { limit: 4000, .. }));
}
