//! Measurements of Belvedere against the physical limit and against its peers, as ratios within one run.
//!
//! Programs, not tests: they say how fast, and only a wrong result makes them fail. [`synth`] makes a stream of
//! which [`model`] knows the end, [`stream`] replays it, [`raw`] is the limit, [`report`] what is printed.

pub mod auth;
pub mod backfill;
pub mod belvedere;
pub mod firehose;
pub mod freshness;
pub mod http;
pub mod ingest;
pub mod lexicon;
pub mod library;
pub mod limits;
pub mod model;
pub mod process;
pub mod queries;
pub mod raw;
pub mod reads;
pub mod readthrough;
pub mod registry;
pub mod report;
pub mod scripted;
pub mod social;
pub mod startup;
pub mod stream;
pub mod sync;
pub mod synth;
pub mod verify;
