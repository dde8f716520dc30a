//! Records as blocks: the same as what their JSON says.

use atproto::Cid;
use atproto::data::record::{Decoded, MAX_REF_BYTES, decode, inspect};
use atproto::data::{DataError, Limits};
use atproto::jetstream::{Event, Kind};
use data_encoding::BASE64_NOPAD;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use shrike::cbor::json::{Integers, json_slice_to_drisl, json_to_drisl};

use crate::vectors;

fn decoded(cbor: &[u8]) -> Decoded {
    decode(cbor, &Limits::default()).unwrap()
}

fn refusal(cbor: &[u8]) -> DataError {
    decode(cbor, &Limits::default()).expect_err("accepted")
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

/// That a record means the same in both forms.
fn agree(json: &str) {
    let cbor = json_slice_to_drisl(json.as_bytes(), Integers::Safe).unwrap();
    let (inspected, decoded) = (inspect(json.as_bytes(), &Limits::default()).unwrap(), decoded(&cbor));
    assert_eq!(value(&decoded.json), value(&inspected.text));
    assert_eq!(decoded.refs, inspected.refs);
    assert_eq!(inspected.cid, Ok(Cid::dag_cbor_sha256(&cbor)));
    // What was decoded is already as it is stored, and has the CID of the block unless something was
    // replaced.
    let again = inspect(decoded.json.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(again.text, decoded.json);
    if !json.contains("\\u0000") {
        assert_eq!(again.cid, inspected.cid);
    }
}

#[test]
fn fixtures_decode_to_their_json() {
    for fixture in vectors::json("data-model/data-model-fixtures.json").as_array().unwrap() {
        let cbor = BASE64_NOPAD.decode(fixture["cbor_base64"].as_str().unwrap().as_bytes()).unwrap();
        assert_eq!(value(&decoded(&cbor).json), fixture["json"]);
        assert!(Cid::parse(fixture["cid"].as_str().unwrap()).unwrap().is_of(&cbor));
    }
}

#[test]
fn real_records_are_the_same_in_both_forms() {
    let mut checked = 0;
    for frame in vectors::frames() {
        let Kind::Commit(commit) = Event::parse(frame.into()).unwrap().kind else { continue };
        if let Some(written) = commit.operation.written() {
            agree(str::from_utf8(&written.json).unwrap());
            checked += 1;
        }
    }
    assert_eq!(checked, 670);
}

fn records() -> impl Strategy<Value = Value> {
    let text = prop_oneof![".{0,12}", "at://[a-z:/]{0,8}", "[\\x00\"\\\\\\n\\t\\x1f\\x7f\u{fffd}é😀]{0,6}"];
    let cid = any::<[u8; 4]>().prop_map(|seed| json!({"$link": Cid::dag_cbor_sha256(&seed).to_string()}));
    let bytes = any::<Vec<u8>>().prop_map(|bytes| json!({"$bytes": BASE64_NOPAD.encode(&bytes)}));
    let safe = -9_007_199_254_740_991_i64..=9_007_199_254_740_991;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        safe.prop_map(Value::from),
        text.prop_map(Value::from),
        cid,
        bytes,
    ];
    let object = |value: BoxedStrategy<Value>| {
        prop::collection::btree_map("[a-z$]{0,3}|[a\\x00\u{1}é]{1,2}", value, 0..5)
            .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>()))
    };
    let value = leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from), object(inner.boxed())]
    });
    object(value.boxed())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_record_is_the_same_in_both_forms(record in records()) {
        agree(&record.to_string());
    }
}

#[test]
fn only_maps_are_records() {
    for cbor in [&b"\x80"[..], b"\x01", b"\x61a", b"\xf6", b"\xf4", b"\x41a"] {
        assert_eq!(refusal(cbor), DataError::NotAnObject);
    }
    assert_eq!(refusal(b"\xa0\xa0"), DataError::NotDagCbor("bytes follow the value"));
    assert_eq!(refusal(b""), DataError::NotDagCbor("the bytes end in the middle of a value"));
    assert_eq!(
        refusal(b"\xa2\x61b\x01\x61a\x01"),
        DataError::NotDagCbor("a map's keys are not in canonical order")
    );
    assert_eq!(refusal(b"\xa1\x61a\xf7").reason(), "not_dag_cbor");
    assert_eq!(refusal(b"\xa1\x61a\x1b\xff\xff\xff\xff\xff\xff\xff\xff").reason(), "not_dag_cbor");
    assert_eq!(refusal(b"\xa1\x61a\x3b\xff\xff\xff\xff\xff\xff\xff\xff").reason(), "not_dag_cbor");
}

#[test]
fn numbers_are_written_as_everywhere() {
    for (cbor, json) in [
        (&b"\xa1\x61a\xfb\x3f\xf8\0\0\0\0\0\0"[..], r#"{"a":1.5}"#),
        (b"\xa1\x61a\xfb\x3f\xf0\0\0\0\0\0\0", r#"{"a":1.0}"#),
        (b"\xa1\x61a\x1b\x7f\xff\xff\xff\xff\xff\xff\xff", r#"{"a":9223372036854775807}"#),
        (b"\xa1\x61a\x3b\x7f\xff\xff\xff\xff\xff\xff\xff", r#"{"a":-9223372036854775808}"#),
        (b"\xa1\x61a\x20", r#"{"a":-1}"#),
    ] {
        assert_eq!(decoded(cbor).json, json);
        assert_eq!(inspect(json.as_bytes(), &Limits::default()).unwrap().text, json);
    }
}

#[test]
fn what_databases_cannot_keep_is_replaced() {
    let record = decoded(b"\xa1\x63a\0b\x67at://\0x");
    assert_eq!(record.json, "{\"a\u{fffd}b\":\"at://\u{fffd}x\"}");
    assert_eq!(record.refs, ["at://\u{fffd}x"]);
    // Replaced, the two keys are one.
    assert!(matches!(refusal(b"\xa2\x61\0\x01\x63\xef\xbf\xbd\x01"), DataError::DuplicateKey(_)));
    assert_eq!(
        decoded(b"\xa1\x61a\x66\x01\x1f\"\\\n\x7f").json,
        "{\"a\":\"\\u0001\\u001f\\\"\\\\\\n\u{7f}\"}"
    );
}

#[test]
fn a_map_that_json_cannot_tell_from_a_link_is_refused() {
    let cid = Cid::dag_cbor_sha256(b"x").to_string();
    let map = |key: &str, text: &str, more: bool| {
        let mut cbor = vec![0xa1 + u8::from(more), 0x60 | u8::try_from(key.len()).unwrap()];
        cbor.extend(key.as_bytes());
        cbor.extend([0x78, u8::try_from(text.len()).unwrap()]);
        cbor.extend(text.as_bytes());
        if more {
            cbor.extend(b"\x66zzzzzz\x01");
        }
        cbor
    };
    let padded = "A".repeat(40);
    assert_eq!(refusal(&map("$link", &cid, false)), DataError::Ambiguous("$link".to_owned()));
    assert_eq!(refusal(&map("$bytes", &padded, false)), DataError::Ambiguous("$bytes".to_owned()));
    let no_cid = "not a CID, but long enough for this";
    for cbor in [map("$link", &cid, true), map("$bytes", &padded, true), map("$link", no_cid, false)] {
        let json = decoded(&cbor).json;
        assert_eq!(
            inspect(json.as_bytes(), &Limits::default()).unwrap().cid,
            Ok(Cid::dag_cbor_sha256(&cbor))
        );
    }
}

#[test]
fn limits_are_those_of_the_json() {
    let nested =
        |levels: usize, inner: &Value| (1..levels).fold(inner.clone(), |value, _| json!({ "a": value }));
    let limits = Limits { depth: 10, ..Limits::default() };
    let link = json!({"$link": Cid::dag_cbor_sha256(b"x").to_string()});
    for inner in [json!({}), json!([]), link, json!({"$bytes": "AQ"})] {
        for levels in [10, 11] {
            let record = nested(levels, &inner);
            let cbor = json_to_drisl(&record, Integers::Safe).unwrap();
            let expected = inspect(record.to_string().as_bytes(), &limits).map(|_| ());
            assert_eq!(decode(&cbor, &limits).map(|_| ()), expected);
            assert_eq!(expected.is_ok(), levels == 10);
        }
    }
    // Deeper than any stack.
    let mut deep = b"\xa1\x61a".repeat(300_000);
    deep.push(0xf6);
    assert_eq!(refusal(&deep), DataError::TooDeep { limit: 100 });
    let escaped = json!({"a": "\u{1}".repeat(200_000)});
    let cbor = json_to_drisl(&escaped, Integers::Safe).unwrap();
    assert!(matches!(refusal(&cbor), DataError::TooLarge { .. }));
    assert!(matches!(refusal(&vec![0; (1 << 20) + 1]), DataError::TooLarge { .. }));
}

#[test]
fn references_are_bounded_and_keys_reserved_as_in_json() {
    let long = format!("at://{}", "x".repeat(MAX_REF_BYTES - 5));
    let record =
        json!({"a": long, "b": format!("{long}x"), "c": ["at://b", "at://a", "at://a"], "at://key": 1});
    let cbor = json_to_drisl(&record, Integers::Safe).unwrap();
    assert_eq!(decoded(&cbor).refs, ["at://a", "at://b", &*long]);
    let key = b"$serde_json::private::RawValue";
    let reserved = [&[0xa1, 0x78, u8::try_from(key.len()).unwrap()], &key[..], &[0x61, b'1']].concat();
    assert!(matches!(refusal(&reserved), DataError::ReservedKey(_)));
}
