//! What reading a repository costs: `cargo run --release -p atproto --example car_cost [FILE.car]`.
//!
//! Prints microseconds per record for each step, over a made-up repository of 100,000 records of about 300
//! bytes, or over the export that is named.

#![expect(clippy::unwrap_used, reason = "a measurement of valid input")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use atproto::Cid;
use atproto::car::{Blocks, Limits};
use atproto::data::record::decode;
use atproto::mst::{Entry, MstError, Step, Walk, find};
use atproto::repo::Commit;
use bytes::Bytes;
use serde_json::json;
use shrike::cbor::json::{Integers, json_to_drisl};
use shrike::mst::{DetachedTree, NoBlocks};

fn main() {
    let (data, car) = match std::env::args().nth(1) {
        Some(path) => export(&path),
        None => made_up(100_000),
    };
    let mut blocks = load(&car);
    let entries = walk(data, "", &blocks).unwrap();
    let count = u32::try_from(entries.len()).unwrap().max(1);
    let bytes: usize = entries.iter().filter_map(|entry| blocks.get(&entry.value)).map(<[u8]>::len).sum();
    println!(
        "{count} records of {} bytes, {} blocks, {} bytes",
        bytes / entries.len().max(1),
        blocks.len(),
        car.len()
    );
    let print = |what: &str, time: Duration| {
        println!("{what:<44} {:>6.2} µs", (time / count).as_secs_f64() * 1e6);
    };
    print(
        "hash every record",
        time(|| hash(&blocks, &entries, |content| Cid::dag_cbor_sha256(content).to_bytes()[4])),
    );
    print("check and index the file", time(|| blocks = load(&car)));
    print("walk the tree", time(|| walk(data, "", &blocks).unwrap().len()));
    print(
        "find every hundredth record, per find",
        100 * time(|| {
            entries.iter().step_by(100).filter(|entry| find(data, &entry.key, &blocks).is_ok()).count()
        }),
    );
    let limits = atproto::data::Limits::default();
    print(
        "decode every record",
        time(|| {
            for entry in &entries {
                black_box(decode(blocks.get(&entry.value).unwrap(), &limits).unwrap());
            }
        }),
    );
    print(
        "all three, one after another",
        time(|| {
            let blocks = load(&car);
            for entry in walk(data, "", &blocks).unwrap() {
                black_box(decode(blocks.get(&entry.value).unwrap(), &limits).unwrap());
            }
        }),
    );
}

fn hash(blocks: &Blocks, entries: &[Entry], digest: impl Fn(&[u8]) -> u8) -> u8 {
    entries.iter().fold(0, |sum, entry| sum ^ digest(blocks.get(&entry.value).unwrap()))
}

fn load(car: &Bytes) -> Blocks {
    let mut blocks = Blocks::new(Limits::default());
    blocks.add(car.clone()).unwrap();
    blocks
}

fn walk(data: Cid, prefix: &str, blocks: &Blocks) -> Result<Vec<Entry>, MstError> {
    let (mut walk, mut entries) = (Walk::new(data, prefix), Vec::new());
    while walk.advance(blocks, &mut entries, 500)? == Step::More {}
    Ok(entries)
}

fn export(path: &str) -> (Cid, Bytes) {
    let car = Bytes::from(std::fs::read(path).unwrap());
    let mut blocks = Blocks::new(Limits::default());
    let roots = blocks.add(car.clone()).unwrap();
    (Commit::decode(blocks.get(&roots[0]).unwrap()).unwrap().unverified().data, car)
}

fn made_up(records: u32) -> (Cid, Bytes) {
    let (mut tree, mut blocks) = (DetachedTree::new(), Vec::new());
    for number in 0..records {
        let record = json!({
            "$type": "com.example.note", "createdAt": "2026-07-04T12:00:00.000Z", "langs": ["en"],
            "text": format!("Note {number}: \"what a view\", said the visitor, and stayed until the lamps were lit.\n"),
            "reply": {"parent": {"uri": format!("at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/com.example.note/{number}")}},
        });
        let cbor = json_to_drisl(&record, Integers::Safe).unwrap();
        let cid = shrike::cbor::Cid::compute(shrike::cbor::Codec::Drisl, &cbor);
        tree.insert(&NoBlocks, format!("com.example.note/3l{number:011}"), cid).unwrap();
        blocks.push(shrike::car::Block { cid, data: cbor });
    }
    let written = tree.flush().unwrap();
    blocks.extend(written.new_blocks.into_iter().map(|(cid, data)| shrike::car::Block { cid, data }));
    let car = shrike::car::write_all(&[written.root], &blocks).unwrap();
    (Cid::from_bytes(&written.root.to_bytes()).unwrap(), car.into())
}

/// The fastest of several rounds.
fn time<T>(mut work: impl FnMut() -> T) -> Duration {
    let round = || {
        let start = Instant::now();
        black_box(work());
        start.elapsed()
    };
    std::iter::repeat_with(round).take(7).min().unwrap_or_default()
}
