//! What the rows of a block say.

use atproto::data::Limits;
use atproto::jetstream::segment::{Block, Event, Kind, RowError, SegmentLimits};
use atproto::jetstream::{Account, AccountStatus, FrameError};
use serde_json::json;
use shrike::cbor::json::{Integers, json_to_drisl};

use super::draft::{RowDraft, columns, frame};

fn read(row: RowDraft) -> Result<Event, RowError> {
    let block = Block::unpack(&frame(&columns(&[row])), &SegmentLimits::default()).unwrap();
    block.rows().next().unwrap().event(&Limits::default())
}

fn cbor(value: &serde_json::Value) -> Vec<u8> {
    json_to_drisl(value, Integers::Safe).unwrap()
}

fn message(kind: u8, value: &serde_json::Value) -> RowDraft {
    RowDraft {
        kind,
        collection: vec![],
        rkey: vec![],
        rev: vec![],
        payload: cbor(value),
        ..RowDraft::default()
    }
}

#[test]
fn records_appear_and_vanish() {
    let record = json!({ "$type": "com.example.note", "text": "x" });
    for kind in [1, 2, 7] {
        let event = read(RowDraft { kind, payload: cbor(&record), ..RowDraft::default() }).unwrap();
        let Kind::Record(change) = event.kind else { panic!("{event:?}") };
        let stored = change.record.unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&stored.json).unwrap(), record);
        assert_eq!(stored.cid, atproto::Cid::dag_cbor_sha256(&cbor(&record)));
    }
    let Kind::Record(deleted) = read(RowDraft::default()).unwrap().kind else { panic!() };
    assert_eq!((deleted.collection.as_str(), deleted.rkey.as_str()), ("com.example.note", "k"));
    assert_eq!((&*deleted.rev.to_string(), deleted.record), ("3migo7fijwi2k", None));
}

#[test]
fn accounts_identities_and_syncs() {
    let did = "did:web:a.example";
    let time = "2026-01-01T00:00:00Z";
    let account = json!({ "seq": 7, "did": did, "time": time, "active": false, "status": "deleted" });
    assert_eq!(
        read(message(5, &account)).unwrap().kind,
        Kind::Account(Account {
            active: false,
            status: Some(AccountStatus::Deleted),
            seq: Some(7),
            time: Some(time.into())
        })
    );
    let identity = json!({ "seq": 8, "did": did, "time": time, "handle": "a.example" });
    let Kind::Identity(identity) = read(message(4, &identity)).unwrap().kind else { panic!() };
    assert_eq!(identity.handle.unwrap().as_str(), "a.example");
    let sync = RowDraft { kind: 6, collection: vec![], rkey: vec![], ..RowDraft::default() };
    let Kind::Sync { rev } = read(sync).unwrap().kind else { panic!() };
    assert_eq!(rev.to_string(), "3migo7fijwi2k");
    assert_eq!(read(RowDraft { kind: 99, ..RowDraft::default() }).unwrap().kind, Kind::Unknown);
}

#[test]
fn a_bad_row_says_why() {
    let good = RowDraft::default;
    let reason = |row| read(row).unwrap_err().reason();
    assert_eq!(reason(RowDraft { did: b"did:\xff".to_vec(), ..good() }), "not_utf8");
    assert_eq!(reason(RowDraft { did: b"x".to_vec(), ..good() }), "bad_did");
    assert_eq!(reason(RowDraft { collection: b"$account".to_vec(), ..good() }), "bad_collection");
    assert_eq!(reason(RowDraft { rkey: b"..".to_vec(), ..good() }), "bad_rkey");
    assert_eq!(reason(RowDraft { rev: b"".to_vec(), ..good() }), "bad_rev");
    assert_eq!(read(RowDraft { time: -1, ..good() }), Err(RowError::BadTime(-1)));
    assert_eq!(read(RowDraft { time: i64::MAX, ..good() }), Err(RowError::BadTime(i64::MAX)));
    for payload in [b"".to_vec(), b"\xff".to_vec(), b"\x01".to_vec(), [cbor(&json!({})), vec![0]].concat()] {
        assert!(matches!(read(RowDraft { kind: 1, payload, ..good() }), Err(RowError::BadRecord(_))));
    }
    let other = json!({ "did": "did:web:b.example", "active": true });
    assert_eq!(read(message(5, &other)), Err(RowError::BadAccount(FrameError::DidMismatch)));
    assert_eq!(reason(message(5, &json!({ "active": "no" }))), "wrong_shape");
}
