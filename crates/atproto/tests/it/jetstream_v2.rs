//! What a server of version 2 says live.

use atproto::jetstream::v2::{DICTIONARY, Message};
use atproto::jetstream::{Decompressor, Event, Kind, MAX_FRAME_BYTES};

use crate::vectors;

/// The same network, followed at the same time by both protocols.
#[test]
fn tells_what_version_1_tells_and_which_repositories_jumped() {
    let mut decompressor = Decompressor::new(DICTIONARY, MAX_FRAME_BYTES).unwrap();
    let mut told: Vec<Event> = Vec::new();
    let mut jumped = 0;
    for frame in vectors::messages("jetstream/capture_v2.zst.frames") {
        let json = decompressor.decompress(&frame).unwrap();
        match Message::parse(json).unwrap() {
            Message::Event(Event { kind: Kind::Sync(_), .. }) => jumped += 1,
            Message::Event(event) => told.push(event),
            other => panic!("{other:?}"),
        }
    }
    let before: Vec<Event> = vectors::lines("jetstream/capture.jsonl")
        .into_iter()
        .map(|line| Event::parse(line.into()).unwrap())
        .collect();
    assert_eq!(told, before);
    assert_eq!(jumped, 7);
}
