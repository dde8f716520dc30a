//! A hold on every engine.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

mod collecting;
mod keeping;
mod owners;
mod parts;
mod publishing;
mod rig;
mod rights;
mod runs;
mod stats;
