//! The limits an ingest is held against, measured on the same disk in the same run.

use std::path::Path;

use anyhow::{Context, bail};
use atproto::data::{Limits, record};
use atproto::jetstream;
use bytes::Bytes;

use crate::process::Cost;
use crate::raw::{Batch, PEER_BATCH, PeerIndex, PeerRow, RawIndex};
use crate::synth::{Event, Synth};

/// Events of the measurement that established [`PEER_SHARE`](crate::raw::PEER_SHARE); text keys slow down as
/// they grow, so the limit is taken at the same size.
const PEER_EVENTS: usize = 20_000;

/// Writes all batches, which are those of `count` events, into a new index at `path`.
///
/// # Errors
/// When SQLite refuses.
pub fn raw_insert(path: &Path, batches: &[Batch], count: usize) -> anyhow::Result<Cost> {
    let mut index = RawIndex::create(path)?;
    Cost::of(count, || batches.iter().try_for_each(|batch| index.apply(batch)))
}

/// The same, after each batch's events were parsed and their CIDs compared: all the work there is without a
/// socket. `frames` are the events' JSON texts, cut as the batches are.
///
/// # Errors
/// When SQLite refuses, or an event of the stream is not as it should be.
pub fn raw_checked_insert(path: &Path, frames: &[Bytes], batches: &[Batch]) -> anyhow::Result<Cost> {
    let mut index = RawIndex::create(path)?;
    let size = frames.len().div_ceil(batches.len().max(1)).max(1);
    Cost::of(frames.len(), || {
        for (frames, batch) in frames.chunks(size).zip(batches) {
            frames.iter().try_for_each(check)?;
            index.apply(batch)?;
        }
        Ok(())
    })
}

/// Writes the first events into HappyView's tables at `path`.
///
/// # Errors
/// When SQLite refuses.
pub fn peer_insert(path: &Path, synth: &Synth, events: &[Event]) -> anyhow::Result<Cost> {
    let count = events.len().min(PEER_EVENTS);
    let rows: Vec<PeerRow> = events[..count].iter().filter_map(|event| PeerRow::of(synth, event)).collect();
    let mut index = PeerIndex::create(path)?;
    Cost::of(count, || rows.chunks(PEER_BATCH).try_for_each(|rows| index.apply(rows)))
}

fn check(frame: &Bytes) -> anyhow::Result<()> {
    let event = jetstream::Event::parse(frame.clone()).context("parsing an event")?;
    let jetstream::Kind::Commit(commit) = event.kind else { return Ok(()) };
    let Some(written) = commit.operation.written() else { return Ok(()) };
    let inspected = record::inspect(&written.json, &Limits::default()).context("inspecting a record")?;
    if inspected.cid.ok() != written.cid {
        bail!("the CID of {}/{} is not the announced one", commit.collection, commit.rkey);
    }
    std::hint::black_box((inspected.text, inspected.refs));
    Ok(())
}
