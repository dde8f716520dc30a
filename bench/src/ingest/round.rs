//! One round: the server and its limits, one after the other on the same disk.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;

use super::stream::Stream;
use super::watch;
use crate::belvedere::{Belvedere, Network};
use crate::limits;
use crate::process::Cost;
use crate::stream::{Pace, StreamServer};
use crate::synth::Collection;
use crate::verify::{self, Differences};

pub(super) struct Round {
    pub(super) server: Ingested,
    pub(super) raw: Cost,
    pub(super) checked: Cost,
    pub(super) peer: Cost,
}

/// What the server did.
pub(super) struct Ingested {
    pub(super) cost: Cost,
    /// The most anonymous memory in each quarter of the stream, in bytes.
    pub(super) memory: [usize; 4],
    pub(super) subscriptions: usize,
    pub(super) faults: Vec<String>,
}

impl Round {
    pub(super) fn run(stream: &Stream, binary: &Path, dir: &Path) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir_in(dir).context("making a folder for the databases")?;
        let path = |name| dir.path().join(name);
        Ok(Self {
            raw: limits::raw_insert(&path("raw.db"), &stream.batches, stream.events.len())?,
            server: ingest(stream, binary, &path("server"), None)?,
            checked: limits::raw_checked_insert(&path("checked.db"), &stream.texts, &stream.batches)?,
            peer: limits::peer_insert(&path("peer.db"), &stream.synth, &stream.events)?,
        })
    }
}

/// Lets the server take the stream in, with this script for every record if there is one.
pub(super) fn ingest(
    stream: &Stream,
    binary: &Path,
    data: &Path,
    script: Option<&str>,
) -> anyhow::Result<Ingested> {
    let belvedere = Belvedere::new(binary, data)?;
    belvedere.add_collections(&Collection::ALL)?;
    for collection in script.iter().flat_map(|_| Collection::ALL) {
        belvedere.add_script(&format!("record.index:{}", collection.nsid()), script.unwrap_or_default())?;
    }
    let source = StreamServer::start(Arc::clone(&stream.frames), Pace::Unbounded)?;
    let server = belvedere.serve(Network { compress: stream.compress, ..Network::of(source.url()) })?;
    let memory = watch::until_done(&server, &verify::open(&belvedere.index())?, &stream.events)?;
    let ended = Instant::now();
    let began = source.first_subscription().context("the server never subscribed")?;
    let (cpu, written) = (server.process().cpu()?, server.process().written()?);
    let cost = Cost { wall: ended - began, cpu, written, count: stream.events.len() };
    server.stop()?;
    let faults = faults(stream, &belvedere)?;
    Ok(Ingested { cost, memory, subscriptions: source.subscriptions(), faults })
}

/// What is wrong with the result.
fn faults(stream: &Stream, belvedere: &Belvedere) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    let (differences, found) = verify::compare(&belvedere.index(), &stream.synth, &stream.model)?;
    if differences != Differences::default() {
        faults.push(format!("the index is not what the stream said: {differences}"));
    }
    let expected = verify::expected(&stream.synth, &stream.model);
    if found != expected {
        faults.push(format!("expected {expected:?}, found {found:?}"));
    }
    Ok(faults)
}
