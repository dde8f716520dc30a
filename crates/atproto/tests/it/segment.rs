//! Segments of an archive: one that a server made, and what must not be accepted.

mod block;
mod damage;
mod draft;
mod events;

use atproto::data::Limits;
use atproto::jetstream::segment::{Event, Kind, Segment, SegmentLimits};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::vectors;

pub(crate) fn golden() -> Vec<u8> {
    vectors::bytes("jetstream/golden_segment.jss")
}

fn parse(bytes: Vec<u8>) -> Segment {
    Segment::parse(Bytes::from(bytes), SegmentLimits::default()).unwrap()
}

/// A created record in the form of the file of expectations.
fn shown(event: &Event) -> Value {
    let Kind::Record(change) = &event.kind else { panic!("{event:?}") };
    let record = change.record.as_ref().unwrap();
    let content: Value = serde_json::from_str(&record.json).unwrap();
    json!({
        "seq": event.seq, "did": event.did, "time_us": event.time_us, "collection": change.collection,
        "rkey": change.rkey, "rev": change.rev, "cid": record.cid, "record": content,
    })
}

#[test]
fn every_event_of_a_real_segment() {
    let segment = parse(golden());
    let mut events = Vec::new();
    for block in segment.blocks() {
        for row in block.unwrap().rows() {
            events.push(shown(&row.event(&Limits::default()).unwrap()));
        }
    }
    let expected = vectors::lines("jetstream/golden_segment.jsonl");
    let expected: Vec<Value> = expected.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 23);
    assert_eq!(events, expected);
}

#[test]
fn the_index_of_a_real_segment() {
    let segment = parse(golden());
    let header = segment.index().header();
    assert_eq!((header.blocks, header.events, header.min_seq, header.max_seq), (3, 23, 1, 23));
    assert_eq!((header.checksum, header.footer_offset), (0x8ac5_1e3e_2c8f_b641, 3004));
    let bounds: Vec<_> =
        segment.index().blocks().iter().map(|block| (block.events, block.min_seq, block.max_seq)).collect();
    assert_eq!(bounds, [(8, 1, 8), (8, 9, 16), (7, 17, 23)]);
}

#[test]
fn one_block_without_the_rest() {
    let golden = golden();
    let segment = parse(golden.clone());
    let entry = &segment.index().blocks()[1];
    let frame = &golden[usize::try_from(entry.offset).unwrap()..usize::try_from(entry.end()).unwrap()];
    let alone = atproto::jetstream::segment::Block::unpack(frame, &SegmentLimits::default()).unwrap();
    assert_eq!(alone.seqs(), Some((9, 16)));
    assert_eq!(segment.blocks().nth(1).unwrap().unwrap(), alone);
}

/// References are those of the record's JSON.
#[test]
fn references_come_along() {
    let segment = parse(golden());
    let block = segment.blocks().next().unwrap().unwrap();
    let event = block.rows().nth(2).unwrap().event(&Limits::default()).unwrap();
    let Kind::Record(change) = event.kind else { panic!("{event:?}") };
    assert_eq!(
        change.record.unwrap().refs,
        [
            "at://did:plc:4uz2445cjiw7w4nobfgnu35f/app.bsky.feed.post/3lpx3ersadc2r",
            "at://did:plc:53iucmf5ldftgqyf2ac7hmhd/app.bsky.feed.repost/3lqj2nsh6py2p"
        ]
    );
}
