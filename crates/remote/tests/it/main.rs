//! Repositories read in a simulated network, and in a real one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod archive;
mod directory;
mod hosts;
mod lies;
mod modes;
mod moves;
mod network;
mod proofs;
mod stub;
mod world;
