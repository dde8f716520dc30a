//! Measurements of Belvedere against the physical limit and against its peers, as ratios within one run.

pub mod stream;
pub mod synth;
