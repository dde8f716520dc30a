//! What it costs to compare a record with its lexicon, beside what it costs to read it.

use std::collections::HashMap;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use atproto::Nsid;
use atproto::jetstream::{Event, Kind};
use atproto::lexicon::{Compiled, Data, Lexicon, LexiconType};
use bytes::Bytes;
use serde_json::Value;

use crate::report::{Limit, Report, median};

/// Passes over all records; the figures are medians.
const RUNS: usize = 9;

/// Every pass takes about so long.
const PASS: Duration = Duration::from_millis(200);

/// A record and the lexicon of its collection.
struct Sample {
    key: String,
    json: String,
    lexicon: Arc<Compiled>,
}

/// Compares real records of the network with the published lexicons of their collections.
///
/// # Errors
/// When the records or the lexicons cannot be read.
pub fn run() -> anyhow::Result<Report> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/atproto/tests/data");
    let (catalogue, loading) = lexicons(&data)?;
    let samples = samples(&data, &catalogue)?;
    anyhow::ensure!(!samples.is_empty(), "there are no records to compare");
    let bytes: usize = samples.iter().map(|sample| sample.json.len()).sum();
    let mean = float(bytes) / float(samples.len());
    let title = format!("Records against lexicons: {} records, {mean:.0} bytes on average", samples.len());
    let mut report = Report::new(title);
    let parse = per_record(&samples, |sample| drop(black_box(serde_json::from_str::<Value>(&sample.json))));
    let read = per_record(&samples, |sample| drop(black_box(Data::parse(&sample.json))));
    let whole = per_record(&samples, |sample| {
        if let Ok(data) = Data::parse(&sample.json) {
            drop(black_box(sample.lexicon.check_record(&catalogue, Some(&sample.key), &data)));
        }
    });
    for sample in &samples {
        let data = Data::parse(&sample.json).map_err(anyhow::Error::msg)?;
        if let Err(invalid) = sample.lexicon.check_record(&catalogue, Some(&sample.key), &data) {
            report.fault(format!("a record of the network is refused: {invalid}"));
        }
    }
    report.figure("loading one lexicon", loading.as_secs_f64() * 1e6 / float(catalogue.len()), "µs");
    report.figure("parsing the JSON into a tree", parse * 1e6, "µs");
    report.figure("reading it for comparing", read * 1e6, "µs");
    report.figure("reading and comparing", whole * 1e6, "µs");
    report.bar("reading and comparing ÷ parsing into a tree", whole / parse, Limit::AtMost(2.0), "");
    Ok(report)
}

/// The published lexicons, and how long it takes to load all of them.
fn lexicons(data: &Path) -> anyhow::Result<(HashMap<Nsid, Arc<Compiled>>, Duration)> {
    let path = data.join("lexicon/corpus.json.zst");
    let corpus = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    let documents: Vec<Value> = serde_json::from_slice(&zstd::decode_all(corpus.as_slice())?)?;
    let texts: Vec<String> = documents.iter().map(Value::to_string).collect();
    let begun = Instant::now();
    let lexicons = texts.iter().map(|text| Lexicon::parse(text)).collect::<Result<Vec<_>, _>>()?;
    let took = begun.elapsed();
    // Of the others there are no records.
    anyhow::ensure!(lexicons.iter().any(|lexicon| lexicon.kind() == LexiconType::Record), "no collections");
    let compiled = lexicons.iter().map(|lexicon| (lexicon.id().clone(), Arc::clone(lexicon.compiled())));
    Ok((compiled.collect(), took))
}

fn samples(data: &Path, catalogue: &HashMap<Nsid, Arc<Compiled>>) -> anyhow::Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for name in ["samples", "expected_v1", "capture"] {
        let frames = std::fs::read_to_string(data.join(format!("jetstream/{name}.jsonl")))?;
        for frame in frames.lines() {
            let Ok(event) = Event::parse(Bytes::copy_from_slice(frame.as_bytes())) else { continue };
            let Kind::Commit(commit) = &event.kind else { continue };
            let Some(written) = commit.operation.written() else { continue };
            let Some(lexicon) = catalogue.get(commit.collection.as_str()) else { continue };
            samples.push(Sample {
                key: commit.rkey.to_string(),
                json: String::from_utf8(written.json.to_vec())?,
                lexicon: Arc::clone(lexicon),
            });
        }
    }
    Ok(samples)
}

/// Seconds for one record, with everything in the caches of the processor.
fn per_record(samples: &[Sample], work: impl Fn(&Sample)) -> f64 {
    let pass = || {
        let (begun, mut done) = (Instant::now(), 0_usize);
        while begun.elapsed() < PASS {
            samples.iter().for_each(&work);
            done += samples.len();
        }
        begun.elapsed().as_secs_f64() / float(done)
    };
    median((0..RUNS).map(|_| pass()).collect::<Vec<_>>())
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
fn float(number: usize) -> f64 {
    number as f64
}
