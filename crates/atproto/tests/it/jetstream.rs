//! Frames: real traffic and hostile input.

use atproto::jetstream::{AccountStatus, Event, FrameError, Kind, MAX_FRAME_BYTES, Operation};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::vectors;

fn parse(frame: &Value) -> Result<Event, FrameError> {
    Event::parse(frame.to_string().into())
}

fn commit() -> Value {
    json!({
        "did": "did:plc:eygmaihciaxprqvxpfvl6flk", "time_us": 1_725_911_162_329_308_i64, "kind": "commit",
        "commit": {
            "rev": "3l3qo2vutsw2b", "operation": "create", "collection": "app.bsky.feed.like",
            "rkey": "3l3qo2vuowo2b", "record": {"$type": "app.bsky.feed.like"},
            "cid": "bafyreidwaivazkwu67xztlmuobx35hs2lnfh3kolmgfmucldvhd3sgzcqi",
        },
    })
}

/// The commit event with one member replaced; `null` removes it.
fn with(pointer: &str, value: Value) -> Result<Event, FrameError> {
    let mut frame = commit();
    *frame.pointer_mut(pointer).unwrap() = value;
    parse(&frame)
}

fn reason(result: Result<Event, FrameError>) -> &'static str {
    result.expect_err("accepted").reason()
}

/// Compares every field with what a tree of the same frame says.
#[test]
fn real_traffic_arrives_complete() {
    let mut kinds = [0; 3];
    for frame in vectors::frames() {
        let tree: Value = serde_json::from_str(&frame).unwrap();
        let event = Event::parse(frame.into()).unwrap();
        assert_eq!(event.did.as_str(), tree["did"]);
        assert_eq!(event.time_us, tree["time_us"]);
        match event.kind {
            Kind::Commit(commit) => {
                kinds[0] += 1;
                let tree = &tree["commit"];
                assert_eq!(commit.rev.to_string(), tree["rev"].as_str().unwrap());
                assert_eq!(commit.collection.as_str(), tree["collection"]);
                assert_eq!(commit.rkey.as_str(), tree["rkey"]);
                assert_eq!(commit.operation.as_str(), tree["operation"]);
                let record = commit.operation.written().map(|w| serde_json::from_slice(&w.json).unwrap());
                assert_eq!(record.as_ref(), tree.get("record"));
                let cid =
                    commit.operation.written().and_then(|w| w.cid).map(|cid| Value::from(cid.to_string()));
                assert_eq!(cid.as_ref(), tree.get("cid"));
            }
            Kind::Identity(identity) => {
                kinds[1] += 1;
                let tree = &tree["identity"];
                assert_eq!(
                    identity.handle.as_ref().map(|h| Value::from(h.as_str())).as_ref(),
                    tree.get("handle")
                );
                assert_eq!(identity.seq, tree["seq"].as_i64());
                assert_eq!(identity.time.as_deref(), tree["time"].as_str());
            }
            Kind::Account(account) => {
                kinds[2] += 1;
                let tree = &tree["account"];
                assert_eq!(account.active, tree["active"]);
                assert_eq!(account.status.as_ref().map(AccountStatus::as_str), tree["status"].as_str());
                assert!(!matches!(account.status, Some(AccountStatus::Other(_))));
            }
            Kind::Sync(_) | Kind::Unknown => panic!("unknown kind in {tree}"),
        }
    }
    assert_eq!(kinds, [681, 11, 17]);
}

#[test]
fn the_record_is_a_slice_of_the_frame() {
    let frame = Bytes::from(commit().to_string());
    let event = Event::parse(frame.clone()).unwrap();
    let Kind::Commit(commit) = event.kind else { panic!("not a commit") };
    let Operation::Create(written) = commit.operation else { panic!("not a create") };
    assert_eq!(written.json, r#"{"$type":"app.bsky.feed.like"}"#);
    assert!(frame.as_ptr_range().contains(&written.json.as_ptr()));
}

#[test]
fn what_is_new_is_ignored() {
    let mut frame = commit();
    frame["cursor"] = json!(12_345);
    frame["future"] = json!({"deep": [[[{}]]]});
    frame["commit"]["future"] = json!("x");
    assert_eq!(parse(&frame), parse(&commit()));
    assert_eq!(with("/kind", json!("sync")).unwrap().kind, Kind::Unknown);
    let bare = json!({"did": "did:plc:abc", "time_us": 0, "kind": "new"});
    assert_eq!(parse(&bare).unwrap().kind, Kind::Unknown);
    let account = json!({"did": "did:plc:abc", "time_us": 1, "kind": "account",
        "account": {"active": false, "status": "mislaid"}});
    let Kind::Account(account) = parse(&account).unwrap().kind else { panic!("not an account") };
    assert_eq!(account.status, Some(AccountStatus::Other("mislaid".into())));
}

#[test]
fn what_may_be_absent_may_be_absent() {
    let Kind::Commit(commit) = with("/commit/cid", Value::Null).unwrap().kind else { panic!("not a commit") };
    assert_eq!(commit.operation.written().unwrap().cid, None);
    let identity = json!({"did": "did:plc:abc", "time_us": 1, "kind": "identity", "identity": {}});
    let Kind::Identity(identity) = parse(&identity).unwrap().kind else { panic!("not an identity") };
    assert_eq!((identity.handle, identity.seq, identity.time), (None, None, None));
}

/// The event still says that the identity changed, which is all that is acted on.
#[test]
fn a_broken_handle_does_not_hide_an_identity_event() {
    let identity =
        json!({"did": "did:plc:abc", "time_us": 1, "kind": "identity", "identity": {"handle": "no dot"}});
    let Kind::Identity(identity) = parse(&identity).unwrap().kind else { panic!("not an identity") };
    assert_eq!(identity.handle, None);
}

#[test]
fn every_field_is_checked() {
    for (pointer, value, expected) in [
        ("/did", json!("did:plc"), "bad_did"),
        ("/did", json!(7), "wrong_shape"),
        ("/did", Value::Null, "wrong_shape"),
        ("/time_us", json!(-1), "bad_time"),
        ("/time_us", json!(1_i64 << 53), "bad_time"),
        ("/time_us", json!(u64::MAX), "wrong_shape"),
        ("/time_us", json!(1.5), "wrong_shape"),
        ("/time_us", json!("1725911162329308"), "wrong_shape"),
        ("/time_us", Value::Null, "wrong_shape"),
        ("/kind", json!(["commit"]), "wrong_shape"),
        ("/kind", json!("identity"), "missing_payload"),
        ("/kind", json!("account"), "missing_payload"),
        ("/commit", Value::Null, "missing_payload"),
        ("/commit", json!([]), "wrong_shape"),
        ("/commit/rev", json!("3l3qo2vutsw2"), "bad_rev"),
        ("/commit/rev", json!("zzzzzzzzzzzzz"), "bad_rev"),
        ("/commit/operation", json!("CREATE"), "unknown_operation"),
        ("/commit/collection", json!("feed.like"), "bad_collection"),
        ("/commit/rkey", json!(".."), "bad_rkey"),
        ("/commit/rkey", json!("a/b"), "bad_rkey"),
        ("/commit/record", Value::Null, "missing_record"),
        ("/commit/cid", json!("bafy"), "bad_cid"),
        ("/commit/cid", json!({"$link": "x"}), "wrong_shape"),
    ] {
        assert_eq!(reason(with(pointer, value.clone())), expected, "{pointer} {value}");
    }
}

#[test]
fn an_account_speaks_for_itself_only() {
    for kind in ["identity", "account"] {
        let mut frame = json!({"did": "did:plc:abc", "time_us": 1, "kind": kind});
        frame[kind] = json!({"did": "did:plc:xyz", "active": false, "status": "deleted"});
        assert_eq!(reason(parse(&frame)), "did_mismatch");
    }
}

#[test]
fn what_is_not_json_is_refused() {
    for frame in [&b""[..], b"{", b"{\"did\":\"did:plc:abc\"", b"\x28\xb5\x2f\xfd"] {
        let error = Event::parse(Bytes::copy_from_slice(frame)).unwrap_err();
        assert!(matches!(error, FrameError::NotJson(_) | FrameError::NotUtf8), "{error}");
    }
    for frame in [&b"null"[..], b"null garbage", b"[]", b"{}", b"{\"did\":\"a\",\"did\":\"b\"}"] {
        assert_eq!(reason(Event::parse(Bytes::copy_from_slice(frame))), "wrong_shape");
    }
    let mut frame = commit().to_string().into_bytes();
    let rkey = frame.windows(4).position(|bytes| bytes == b"rkey").unwrap();
    frame[rkey] = 0xff;
    assert_eq!(reason(Event::parse(frame.into())), "not_utf8");
}

#[test]
fn size_is_bounded() {
    let frame = Bytes::from(commit().to_string());
    assert!(Event::parse_within(frame.clone(), frame.len()).is_ok());
    let error = Event::parse_within(frame.clone(), frame.len() - 1).unwrap_err();
    assert_eq!(error, FrameError::TooLarge { limit: frame.len() - 1 });
    assert_eq!(reason(Event::parse(vec![b' '; MAX_FRAME_BYTES + 1].into())), "too_large");
}

/// Nothing here recurses: the record is only stepped over, whatever is in it.
#[test]
fn nesting_bombs_cost_nothing_but_their_bytes() {
    let bomb = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let frame = commit().to_string().replace(r#"{"$type":"app.bsky.feed.like"}"#, &bomb);
    let Kind::Commit(commit) = Event::parse(frame.into()).unwrap().kind else { panic!("not a commit") };
    assert_eq!(commit.operation.written().unwrap().json.len(), bomb.len());
    let frame = format!(r#"{{"bomb":{bomb},"did":"did:plc:abc","time_us":1,"kind":"x"}}"#);
    assert_eq!(Event::parse(frame.into()).unwrap().kind, Kind::Unknown);
    let frame = format!(r#"{{"did":{bomb}}}"#);
    assert_eq!(reason(Event::parse(frame.into())), "wrong_shape");
    assert_eq!(reason(Event::parse("[".repeat(1_000_000).into())), "wrong_shape");
}

#[test]
fn errors_repeat_little_of_what_they_refuse() {
    let error = with("/commit/operation", json!("x".repeat(1_000_000))).unwrap_err();
    assert!(error.to_string().len() < 200);
    let error = with("/time_us", json!("x".repeat(1_000_000))).unwrap_err();
    assert!(error.to_string().len() < 200);
}
