//! Records against the protocol's data-model vectors, real traffic and hostile input.

use std::borrow::Cow;

use atproto::data::record::{Inspected, MAX_REF_BYTES, inspect, references};
use atproto::data::{DataError, Limits, NotEncodable};
use atproto::jetstream::{Event, Kind};
use atproto::{Cid, Tid};
use serde_json::{Value, json};

use crate::vectors;

fn inspected(json: &str) -> Inspected<'_> {
    inspect(json.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn refusal(json: &[u8]) -> DataError {
    inspect(json, &Limits::default()).expect_err("accepted")
}

#[test]
fn fixtures_have_their_cids() {
    for fixture in vectors::json("data-model/data-model-fixtures.json").as_array().unwrap() {
        let json = fixture["json"].to_string();
        let cid = Cid::parse(fixture["cid"].as_str().unwrap()).unwrap();
        assert_eq!(inspected(&json).cid, Ok(cid));
    }
}

#[test]
fn valid_values_have_cids() {
    for valid in vectors::json("data-model/data-model-valid.json").as_array().unwrap() {
        assert!(inspected(&valid["json"].to_string()).cid.is_ok(), "{}", valid["note"]);
    }
}

/// Two of the invalid values cannot be encoded. The others break rules about `$type`, `blob`, `$link` and `$bytes`
/// objects, which a repository that does not know the rules can still contain: encoded as plain maps they have a
/// CID, and it is the one such a repository announces. An index that refused them would lose records.
#[test]
fn invalid_values_are_refused_where_they_cannot_exist() {
    for invalid in vectors::json("data-model/data-model-invalid.json").as_array().unwrap() {
        let json = invalid["json"].to_string();
        match invalid["note"].as_str().unwrap() {
            "top-level not an object" => assert_eq!(refusal(json.as_bytes()), DataError::NotAnObject),
            "float" => assert!(matches!(inspected(&json).cid, Err(NotEncodable::Number(_)))),
            note => assert!(inspected(&json).cid.is_ok(), "{note}"),
        }
    }
}

#[test]
fn every_record_of_real_traffic_has_the_announced_cid() {
    let mut checked = 0;
    for frame in vectors::frames() {
        let event = Event::parse(frame.into()).unwrap();
        let Kind::Commit(commit) = event.kind else { continue };
        let Some(written) = commit.operation.written() else { continue };
        let record = inspect(&written.json, &Limits::default()).unwrap();
        assert_eq!(record.cid.ok(), written.cid);
        assert!(matches!(record.text, Cow::Borrowed(_)));
        checked += 1;
    }
    assert_eq!(checked, 670);
}

#[test]
fn references_are_all_strings_that_begin_with_at() {
    let json = json!({
        "subject": {"uri": "at://did:plc:b/a.b.c/2"},
        "list": ["at://did:plc:a/a.b.c/1", ["at://did:plc:b/a.b.c/2", "see at://x", "AT://x", 7]],
        "at://key": "at:/one-slash",
        "not a uri at all": "at:// ",
    });
    assert_eq!(
        inspected(&json.to_string()).refs,
        ["at:// ", "at://did:plc:a/a.b.c/1", "at://did:plc:b/a.b.c/2"]
    );
    assert_eq!(inspected(r#"{"escaped":"\u0061t:\/\/x"}"#).refs, ["at://x"]);
    assert!(inspected("{}").refs.is_empty());
}

#[test]
fn references_no_database_could_index_do_not_count() {
    let longest = format!("at://{}", "x".repeat(MAX_REF_BYTES - 5));
    let longer = format!("{longest}x");
    assert_eq!(
        inspected(&json!([longest, longer]).to_string().replace('[', "{\"a\":[").replace(']', "]}")).refs,
        [longest]
    );
}

#[test]
fn numbers_outside_the_data_model_leave_a_record_without_cid() {
    for number in
        ["1.5", "-0.001", "1e400e", "9007199254740992", "-9007199254740992", "1e20", "18446744073709551616"]
    {
        let json = format!(r#"{{"n":{number},"uri":"at://x"}}"#);
        if number.ends_with('e') {
            assert!(matches!(refusal(json.as_bytes()), DataError::NotJson(_)));
            continue;
        }
        let record = inspected(&json);
        assert!(matches!(record.cid, Err(NotEncodable::Number(_))), "{number}");
        assert_eq!(record.refs, ["at://x"], "{number}");
    }
    for number in ["9007199254740991", "-9007199254740991", "1.0", "1e3", "-0"] {
        assert!(inspected(&format!(r#"{{"n":{number}}}"#)).cid.is_ok(), "{number}");
    }
}

/// PostgreSQL refuses a number with more than 16,383 digits after the point; the text to store has none.
#[test]
fn absurdly_long_numbers_are_stored_short() {
    let json = format!(r#"{{"tiny":0.{}1,"long":0.1{}}}"#, "0".repeat(20_000), "1".repeat(20_000));
    let record = inspected(&json);
    assert!(record.text.len() < 60, "{}", record.text);
    let stored: Value = serde_json::from_str(&record.text).unwrap();
    assert_eq!(stored["tiny"], 0.0);
    assert!((stored["long"].as_f64().unwrap() - 1.0 / 9.0).abs() < 1e-12);
    assert_eq!(inspected(r#"{"n":1e-1000000000}"#).text, r#"{"n":0.0}"#);
}

#[test]
fn links_of_other_kinds_leave_a_record_without_cid() {
    let json = json!({"to": {"$link": "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR"}}).to_string();
    assert!(matches!(inspected(&json).cid, Err(NotEncodable::Link(_))));
}

#[test]
fn nul_keeps_its_cid_and_is_stored_as_a_replacement() {
    let record = inspected(r#"{"a\u0000":"b\u0000c","uri":"at://\u0000"}"#);
    // {"a\0": "b\0c", "uri": "at://\0"} in DAG-CBOR.
    let encoded = b"\xa2\x62a\0\x63b\0c\x63uri\x66at://\0";
    assert_eq!(record.cid, Ok(Cid::dag_cbor_sha256(encoded)));
    assert_eq!(record.text, "{\"a\u{fffd}\":\"b\u{fffd}c\",\"uri\":\"at://\u{fffd}\"}");
    assert_eq!(record.refs, ["at://\u{fffd}"]);
}

#[test]
fn half_a_surrogate_pair_has_no_cid_and_is_stored_as_a_replacement() {
    let record = inspected(r#"{"a":"\ud800","uri":"at://x"}"#);
    assert_eq!(record.cid, Err(NotEncodable::LoneSurrogate));
    assert_eq!(record.text, "{\"a\":\"\u{fffd}\",\"uri\":\"at://x\"}");
    assert_eq!(record.refs, ["at://x"]);
    assert!(inspected(r#"{"a":"\ud83d\ude00"}"#).cid.is_ok());
}

#[test]
fn what_is_not_json_text_is_refused() {
    for json in [
        "",
        " ",
        "{",
        "{} {}",
        "{\"a\":}",
        "{'a':1}",
        "{\"a\":\"\n\"}",
        "{\"a\":01}",
        "{\"a\":\"\\x\"}",
        "nul",
    ] {
        assert!(matches!(refusal(json.as_bytes()), DataError::NotJson(_)), "{json}");
    }
    assert_eq!(refusal(b"{\"a\":\"\xff\"}"), DataError::NotUtf8);
    assert_eq!(refusal(b"{\"a\":\"\xed\xa0\x80\"}"), DataError::NotUtf8);
    for json in ["null", "true", "1", "\"a\"", "[]", "[{}]"] {
        assert_eq!(refusal(json.as_bytes()), DataError::NotAnObject, "{json}");
    }
}

#[test]
fn size_is_bounded() {
    let limits = Limits { bytes: 100, ..Limits::default() };
    let fits = format!("{{\"a\":\"{}\"}}", "x".repeat(92));
    assert_eq!(fits.len(), 100);
    assert!(inspect(fits.as_bytes(), &limits).is_ok());
    let error = inspect(format!("{fits} ").as_bytes(), &limits).unwrap_err();
    assert_eq!(error, DataError::TooLarge { bytes: 101, limit: 100 });
}

#[test]
fn depth_is_bounded() {
    let nested =
        |levels: usize| format!("{}{}{}", "{\"a\":".repeat(levels - 1), "{}", "}".repeat(levels - 1));
    let depth = Limits::default().depth;
    assert!(inspected(&nested(depth)).cid.is_ok());
    assert_eq!(refusal(nested(depth + 1).as_bytes()), DataError::TooDeep { limit: depth });
    let unclosed = "{\"a\":".to_owned() + &"[".repeat(1_000_000);
    assert_eq!(refusal(unclosed.as_bytes()), DataError::TooDeep { limit: depth });
    let greedy = Limits { depth: 10_000, ..Limits::default() };
    assert!(inspect(nested(Limits::MAX_DEPTH).as_bytes(), &greedy).is_ok());
    let error = inspect(nested(Limits::MAX_DEPTH + 1).as_bytes(), &greedy).unwrap_err();
    assert_eq!(error, DataError::TooDeep { limit: Limits::MAX_DEPTH });
}

#[test]
fn keys_are_unambiguous() {
    assert_eq!(refusal(br#"{"a":{"b":1,"c":2,"b":3}}"#), DataError::DuplicateKey("b".into()));
    assert_eq!(refusal(br#"{"a":1,"\u0061":2}"#), DataError::DuplicateKey("a".into()));
    assert!(inspected(r#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}"#).cid.is_ok());
}

/// The JSON library's own escape hatch: its tree parser would read this string as JSON, level after level.
#[test]
fn keys_of_the_json_library_are_refused() {
    let key = "$serde_json::private::RawValue";
    assert_eq!(refusal(json!({"a": {key: "[]"}}).to_string().as_bytes()), DataError::ReservedKey(key.into()));
}

#[test]
fn trees_are_built_only_of_what_was_looked_at() {
    let parsed = |json: &[u8]| atproto::data::parse(json, &Limits::default());
    assert_eq!(parsed(br#"{"a":["\u0000",1.5]}"#), Ok(json!({"a": ["\u{fffd}", 1.5]})));
    assert_eq!(parsed(b"[]"), Err(DataError::NotAnObject));
    assert_eq!(parsed(b"\xff"), Err(DataError::NotUtf8));
    // Each level of quotation would be read as JSON again, 100 levels deeper.
    let mut bomb = "[]".to_owned();
    for _ in 0..12 {
        let quoted = json!({"$serde_json::private::RawValue": bomb});
        bomb = format!("{}{quoted}{}", "[".repeat(90), "]".repeat(90));
    }
    assert!(matches!(parsed(format!("{{\"a\":{bomb}}}").as_bytes()), Err(DataError::ReservedKey(_))));
}

#[test]
fn stored_records_yield_the_same_references() {
    let record = inspected(r#"{"a":["at://b","at://a"],"c":"at://\u0000","d":1.50}"#);
    assert_eq!(references(&record.text, &Limits::default()).unwrap(), record.refs);
    assert_eq!(record.refs.len(), 3);
}

#[test]
fn many_references_and_keys_take_no_time() {
    let uris: Vec<String> = (0..40_000).map(|n| format!("at://{}", n % 30_000)).collect();
    let json = json!({ "uris": uris }).to_string();
    assert_eq!(inspected(&json).refs.len(), 30_000);
    let keys: serde_json::Map<String, Value> = (0..60_000).map(|n| (n.to_string(), Value::Null)).collect();
    assert!(inspected(&Value::Object(keys).to_string()).cid.is_ok());
}

#[test]
fn a_record_key_that_is_a_tid_tells_the_time() {
    let tid = Tid::parse("3l3qo2vuowo2b").unwrap();
    assert_eq!(tid.timestamp_micros() / 1_000_000, 1_725_911_162);
}
