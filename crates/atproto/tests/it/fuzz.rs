//! The properties of the fuzz targets on every run: arbitrary bytes, and valid input with a few bytes changed.

mod auth;
mod repository;

use atproto::fuzzing;
use atproto::jetstream::{Decompressor, MAX_FRAME_BYTES, v2};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::{segment, vectors};

/// What turns one valid input into a slightly wrong one.
#[derive(Debug, Clone)]
enum Mutation {
    Replace(Index, u8),
    Insert(Index, &'static [u8]),
    Remove(Index, usize),
    Repeat(Index, usize),
    Truncate(Index),
}

/// Pieces that mean something to a JSON parser, to the protocol or to a database.
const PIECES: [&[u8]; 18] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b",",
    b":",
    b"\\u0000",
    b"\\ud800",
    b"\0",
    b"\xff",
    b"at://",
    b"null",
    b"-1e999",
    b"1.5",
    b"did:web:%",
    b"$serde_json::private::RawValue",
];

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Replace(at, byte)),
        (any::<Index>(), select(&PIECES[..])).prop_map(|(at, piece)| Mutation::Insert(at, piece)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, bytes)| Mutation::Remove(at, bytes)),
        (any::<Index>(), 1..80_usize).prop_map(|(at, bytes)| Mutation::Repeat(at, bytes)),
        any::<Index>().prop_map(Mutation::Truncate),
    ]
}

fn mutate(mut input: Vec<u8>, mutations: &[Mutation]) -> Vec<u8> {
    for mutation in mutations {
        let at = |index: &Index| index.index(input.len() + 1);
        match mutation {
            Mutation::Replace(index, byte) if !input.is_empty() => {
                let at = index.index(input.len());
                input[at] = *byte;
            }
            Mutation::Replace(..) => {}
            Mutation::Insert(index, piece) => {
                let at = at(index);
                input.splice(at..at, piece.iter().copied());
            }
            Mutation::Remove(index, bytes) => {
                let at = at(index);
                input.drain(at..input.len().min(at + bytes));
            }
            Mutation::Repeat(index, bytes) => {
                let at = at(index);
                let piece = input[at..input.len().min(at + bytes)].to_vec();
                input.splice(at..at, piece);
            }
            Mutation::Truncate(index) => input.truncate(at(index)),
        }
    }
    input
}

/// Runs `check` on arbitrary bytes and on mutations of `valid`.
fn holds(check: fn(&[u8]), valid: Vec<Vec<u8>>) {
    for input in &valid {
        check(input);
    }
    let mutated =
        (select(valid), vec(mutation(), 0..6)).prop_map(|(input, mutations)| mutate(input, &mutations));
    let inputs = prop_oneof![1 => vec(any::<u8>(), 0..200), 4 => mutated];
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) }, |(input in inputs)| {
        check(&input);
    });
}

/// A few inputs of a kind, not too large to be mutated to some effect.
fn sample(inputs: impl IntoIterator<Item = String>) -> Vec<Vec<u8>> {
    inputs
        .into_iter()
        .filter(|input| input.len() < 3000)
        .step_by(7)
        .take(40)
        .map(String::into_bytes)
        .collect()
}

#[test]
fn jetstream_frame() {
    holds(fuzzing::jetstream_frame, sample(vectors::frames()));
}

#[test]
fn jetstream_v2_frame() {
    let mut decompressor = Decompressor::new(v2::DICTIONARY, MAX_FRAME_BYTES).unwrap();
    let frames = vectors::messages("jetstream/capture_v2.zst.frames");
    let texts = frames.iter().map(|frame| decompressor.decompress(frame).unwrap());
    let texts = texts.map(|text| String::from_utf8(text.to_vec()).unwrap());
    holds(fuzzing::jetstream_v2_frame, sample(texts));
}

#[test]
fn record_inspect() {
    let records = vectors::frames().into_iter().filter_map(|frame| {
        let frame: serde_json::Value = serde_json::from_str(&frame).unwrap();
        Some(frame["commit"].get("record")?.to_string())
    });
    let mut records = sample(records);
    records.push(br#"{"a":1.5,"b":[1e300,-0,1e2],"c\u0000":"at://\ud800","d":{"$bytes":"AQ"}}"#.to_vec());
    // Found by the fuzzer: a number that reads as an integer although it is written as a fraction.
    records.push(br#"{"a":8888888888888888.882146}"#.to_vec());
    holds(fuzzing::record_inspect, records);
}

#[test]
fn lexicon_parse() {
    let lexicons = ["record", "query", "procedure", "subscription", "permission-set"];
    holds(
        fuzzing::lexicon_parse,
        lexicons.iter().map(|name| vectors::bytes(&format!("lexicon/{name}.json"))).collect(),
    );
}

#[test]
fn lexicon_record() {
    let lexicon = vectors::json("lexicon/record.json").to_string();
    let records = ["valid", "invalid"].iter().flat_map(|kind| {
        let vectors = vectors::json(&format!("lexicon/record-data-{kind}.json"));
        vectors.as_array().unwrap().iter().map(|vector| vector["data"].to_string()).collect::<Vec<_>>()
    });
    holds(
        fuzzing::lexicon_record,
        records.map(|record| format!("{lexicon}\n{record}").into_bytes()).collect(),
    );
}

#[test]
fn xrpc_params() {
    let lexicon = vectors::json("lexicon/query.json").to_string();
    let queries =
        ["stringField=a&boolean=true&integer=-5&handle=a.example&array=1&array=2&more=x", "integer=x", ""];
    holds(
        fuzzing::xrpc_params,
        queries.iter().map(|query| format!("{lexicon}\n{query}").into_bytes()).collect(),
    );
}

#[test]
fn did_document() {
    let documents = ["did_plc_doc", "did_plc_doc_legacy", "did_web_doc"];
    holds(
        fuzzing::did_document,
        documents.iter().map(|name| vectors::bytes(&format!("did-documents/{name}.json"))).collect(),
    );
}

#[test]
fn at_uri() {
    let uris =
        [vectors::lines("syntax/aturi_syntax_valid.txt"), vectors::lines("syntax/aturi_syntax_invalid.txt")];
    // Found by the fuzzer: quoted, control characters made an error message of a thousand bytes.
    fuzzing::at_uri(format!("at://{}", "\u{16}".repeat(400)).as_bytes());
    holds(fuzzing::at_uri, uris.concat().into_iter().map(String::into_bytes).collect());
}

#[test]
fn zstd_frame() {
    let frames = vectors::messages("jetstream/capture.zst.frames");
    holds(fuzzing::zstd_frame, frames.into_iter().step_by(20).collect());
}

#[test]
fn segment() {
    holds(fuzzing::segment, vec![segment::golden()]);
}

#[test]
fn label_frame() {
    let labels = b"\xa2\x61t\x67#labels\x62op\x01\xa2\x63seq\x18\x2a\x66labels\x82\
        \xa6\x63cts\x61c\x63neg\xf5\x63src\x61s\x63uri\x61u\x63val\x61v\x65$type\x81\xf6\
        \xa6\x63cts\x61c\x63sig\x42\x01\x02\x63src\x61s\x63uri\x61u\x63val\x61v\x63ver\x01";
    let info = b"\xa2\x61t\x65#info\x62op\x01\xa2\x64name\x6eOutdatedCursor\x67message\x62no";
    let error = b"\xa1\x62op\x20\xa2\x65error\x6cFutureCursor\x67message\x62no";
    holds(fuzzing::label_frame, vec![labels.to_vec(), info.to_vec(), error.to_vec()]);
}
