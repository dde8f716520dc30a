//! Messages that say what is not so.

use atproto::Cid;
use atproto::firehose::{Action, Frame, MAX_OPS, ReceivedCommit, ReceivedOp};
use atproto::mst::Draft;
use bytes::Bytes;

use super::{Kept, commit_of, decoded};
use crate::blocks::{car, value};

/// Commits of a window of the network.
fn real() -> Vec<ReceivedCommit> {
    let commits = decoded("firehose/relay.frames.zst").into_iter().filter_map(|frame| match frame {
        Frame::Commit(commit) => Some(*commit),
        _ => None,
    });
    commits.collect()
}

/// Why each of them is refused once it has been changed.
fn reasons(change: impl Fn(&mut ReceivedCommit) -> bool) -> Vec<&'static str> {
    let mut reasons = Vec::new();
    for mut commit in real() {
        if change(&mut commit) {
            reasons.push(commit.prove().expect_err("a lie was believed").reason());
        }
    }
    assert!(!reasons.is_empty());
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}

#[test]
fn what_is_left_out_is_noticed() {
    let left_out = reasons(|commit| commit.ops.pop().is_some());
    assert_eq!(left_out, ["not_inductive"]);
    let said_to_be_nothing = reasons(|commit| {
        commit.ops.clear();
        true
    });
    assert_eq!(said_to_be_nothing, ["not_inductive"]);
}

#[test]
fn what_is_said_of_the_past_is_checked() {
    assert_eq!(
        reasons(|commit| {
            commit.prev_data = Some(value("another tree"));
            true
        }),
        ["not_inductive"]
    );
    assert_eq!(
        reasons(|commit| {
            let gone = commit.ops.iter_mut().find(|op| op.action == Action::Delete);
            gone.map(|op| op.prev = Some(value("another record"))).is_some()
        }),
        ["not_inductive"]
    );
    assert_eq!(
        reasons(|commit| {
            commit.since = Some(commit.rev);
            true
        }),
        ["disagreement"]
    );
}

#[test]
fn what_is_said_of_a_record_is_checked() {
    let other = |commit: &mut ReceivedCommit, cid: Option<Cid>| {
        let op = commit.ops.iter_mut().find(|op| op.action != Action::Delete);
        op.map(|op| op.cid = cid).is_some()
    };
    assert_eq!(reasons(|commit| other(commit, Some(value("another record")))), ["false_operation"]);
    assert_eq!(reasons(|commit| other(commit, None)), ["false_operation"]);
    assert_eq!(
        reasons(|commit| {
            let op = commit.ops.iter_mut().find(|op| op.action == Action::Create);
            op.map(|op| op.prev = op.cid).is_some()
        }),
        ["false_operation"]
    );
    // A record that is there is said to be gone, and the other way round.
    assert_eq!(
        reasons(|commit| {
            let op = commit.ops.iter_mut().find(|op| op.action == Action::Create);
            op.map(|op| (op.action, op.prev, op.cid) = (Action::Delete, op.cid, None)).is_some()
        }),
        ["false_operation"]
    );
    assert_eq!(
        reasons(|commit| {
            let op = commit.ops.iter_mut().find(|op| op.action == Action::Delete);
            op.map(|op| (op.action, op.cid, op.prev) = (Action::Create, op.prev, None)).is_some()
        }),
        ["false_operation"]
    );
    assert_eq!(
        reasons(|commit| {
            let twice = commit.ops.first().cloned();
            commit.ops.extend(twice);
            true
        }),
        ["disagreement"]
    );
}

#[test]
fn what_belongs_to_another_is_not_taken() {
    let commits = real();
    let [one, two] = [&commits[0], &commits[1]];
    for (change, reason) in [
        (ReceivedCommit { did: two.did.clone(), ..one.clone() }, "disagreement"),
        (ReceivedCommit { rev: two.rev, since: None, ..one.clone() }, "disagreement"),
        (ReceivedCommit { commit: two.commit, ..one.clone() }, "disagreement"),
        (ReceivedCommit { blocks: two.blocks.clone(), ..one.clone() }, "disagreement"),
        (ReceivedCommit { blocks: Bytes::new(), ..one.clone() }, "car_header"),
        (ReceivedCommit { blocks: car(&[one.commit], &[]), ..one.clone() }, "missing_commit"),
        (ReceivedCommit { blocks: car(&[], &[]), ..one.clone() }, "disagreement"),
    ] {
        assert_eq!(change.prove().unwrap_err().reason(), reason);
    }
}

/// Of 60 records one is new; then whatever node is taken out of the proof, nothing is believed.
#[test]
fn a_proof_with_a_hole_proves_nothing() {
    let nodes = Kept(std::collections::HashMap::new());
    let mut tree = Draft::empty();
    let path = |n: usize| format!("com.example.note/{n:03}");
    for n in 0..60 {
        tree.put(&nodes, path(n), value("x")).unwrap();
    }
    let before = tree.finish().unwrap();
    let mut kept = Kept(before.added.iter().cloned().collect());
    let mut tree = Draft::of(before.root);
    tree.put(&kept, path(60), value("x")).unwrap();
    let after = tree.finish().unwrap();
    kept.0.extend(after.added.iter().cloned());
    let proof = tree.covering(&kept, [&*path(60)]).unwrap();
    let needed: Vec<Cid> = proof.into_iter().chain(after.added.iter().map(|(cid, _)| *cid)).collect();
    let of = |without: Option<Cid>| {
        let there = needed.iter().filter(|cid| Some(**cid) != without);
        let mut blocks: std::collections::HashMap<_, _> =
            there.map(|cid| (*cid, kept.0[cid].clone())).collect();
        blocks.insert(value("x"), b"x".to_vec());
        commit_of(after.root, before.root, &[(Action::Create, path(60), value("x"))], &Kept(blocks))
    };
    assert!(of(None).prove().unwrap().is_complete);
    let mut decisive = 0;
    for hole in &needed {
        match of(Some(*hole)).prove() {
            Err(fault) => {
                assert!(["missing_node", "missing_proof"].contains(&fault.reason()), "{fault}");
                decisive += 1;
            }
            // A neighbour that is not needed to undo this change.
            Ok(proof) => assert!(proof.is_complete),
        }
    }
    assert!(decisive > 1, "{decisive} of {}", needed.len());
}

#[test]
fn more_than_a_commit_may_have_is_refused() {
    let op = ReceivedOp { action: Action::Create, path: "com.example.note/a".into(), cid: None, prev: None };
    let frame = |ops: usize| {
        let mut frame = b"\xa2\x61t\x67#commit\x62op\x01\xa1\x63ops\x98".to_vec();
        frame.push(u8::try_from(ops).unwrap());
        for _ in 0..ops {
            frame.extend(b"\xa2\x66action\x66create\x64path");
            frame.push(0x60 | u8::try_from(op.path.len()).unwrap());
            frame.extend(op.path.as_bytes());
        }
        Frame::decode(&frame.into()).unwrap_err().reason()
    };
    assert_eq!(frame(MAX_OPS), "wrong_shape", "other fields are missing");
    assert_eq!(frame(MAX_OPS + 1), "too_many");
    let huge = Bytes::from(vec![0; atproto::firehose::MAX_FRAME_BYTES + 1]);
    assert_eq!(Frame::decode(&huge).unwrap_err().reason(), "too_large");
}
