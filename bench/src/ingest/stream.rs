//! A stream and everything that is known about it beforehand.

use std::sync::Arc;

use bytes::Bytes;

use super::Options;
use crate::model::Model;
use crate::raw::{self, Batch};
use crate::stream::Frames;
use crate::synth::{Event, Parameters, Synth};

/// Events per transaction of the raw limit.
const BATCH: usize = 2_000;

pub(super) struct Stream {
    pub(super) synth: Synth,
    pub(super) events: Vec<Event>,
    /// What the server is sent.
    pub(super) frames: Arc<Frames>,
    pub(super) compress: bool,
    /// The same as JSON.
    pub(super) texts: Vec<Bytes>,
    /// The same as rows.
    pub(super) batches: Vec<Batch>,
    /// What must come of it.
    pub(super) model: Model,
}

impl Stream {
    pub(super) fn prepare(options: &Options) -> anyhow::Result<Self> {
        let synth = Synth::new(Parameters::default());
        let events: Vec<Event> = (0..i64::from(options.events)).map(|k| synth.event(k)).collect();
        let frames = if options.compress {
            Frames::compressed(&synth, &events)?
        } else {
            Frames::text(&synth, &events)
        };
        let texts = events.iter().map(|event| Bytes::from(event.json(&synth))).collect();
        let (batches, model) = raw::plan(&synth, &events, BATCH);
        let frames = Arc::new(frames);
        Ok(Self { synth, events, frames, compress: options.compress, texts, batches, model })
    }
}
