//! What one event of the live stream costs: `cargo run --release -p atproto --example event_cost`.
//!
//! Prints microseconds per event over real traffic, and per record of about 500 bytes.

#![expect(clippy::unwrap_used, reason = "a measurement of valid input")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use atproto::data::Limits;
use atproto::data::record::inspect;
use atproto::jetstream::{DICTIONARY, Decompressor, Event, Kind, MAX_FRAME_BYTES};
use bytes::Bytes;

const TRAFFIC: &str = include_str!("../tests/data/jetstream/expected_v1.jsonl");

fn main() {
    let frames: Vec<Bytes> = TRAFFIC.lines().map(|line| Bytes::from_static(line.as_bytes())).collect();
    let records: Vec<Bytes> = frames.iter().filter_map(record).collect();
    let mut compressor = zstd::bulk::Compressor::with_dictionary(3, DICTIONARY).unwrap();
    let compressed: Vec<Vec<u8>> = frames.iter().map(|frame| compressor.compress(frame).unwrap()).collect();
    let mut decompressor = Decompressor::new(DICTIONARY, MAX_FRAME_BYTES).unwrap();
    let limits = Limits::default();

    print(
        "decompress a frame",
        &frames,
        time(&compressed, |frame| {
            black_box(decompressor.decompress(frame).unwrap());
        }),
    );
    print(
        "parse an event",
        &frames,
        time(&frames, |frame| {
            black_box(Event::parse(frame.clone()).unwrap());
        }),
    );
    print(
        "inspect a record",
        &records,
        time(&records, |record| {
            black_box(inspect(record, &limits).unwrap());
        }),
    );
    let near_500: Vec<Bytes> = records.iter().filter(|r| (450..550).contains(&r.len())).cloned().collect();
    print(
        "inspect a record of about 500 bytes",
        &near_500,
        time(&near_500, |record| {
            black_box(inspect(record, &limits).unwrap());
        }),
    );
}

fn record(frame: &Bytes) -> Option<Bytes> {
    let Kind::Commit(commit) = Event::parse(frame.clone()).unwrap().kind else { return None };
    Some(commit.operation.written()?.json.clone())
}

/// The mean time per input of the fastest of several rounds.
fn time<T>(inputs: &[T], mut work: impl FnMut(&T)) -> Duration {
    let round = || {
        let start = Instant::now();
        inputs.iter().for_each(&mut work);
        start.elapsed()
    };
    let fastest = std::iter::repeat_with(round).take(200).min().unwrap_or_default();
    fastest / u32::try_from(inputs.len()).unwrap()
}

fn print(what: &str, inputs: &[Bytes], time: Duration) {
    let bytes = inputs.iter().map(Bytes::len).sum::<usize>() / inputs.len();
    println!("{what:<36} {:>6.2} µs   ({} inputs of {bytes} bytes)", time.as_secs_f64() * 1e6, inputs.len());
}
