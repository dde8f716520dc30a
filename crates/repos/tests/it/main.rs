//! The crate against both engines, and what it serves against readers of ours that know nothing of it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod blobs;
mod directory;
mod frames;
mod killed;
mod mirror;
mod random;
mod rig;
mod status;
mod stream;
mod surface;
mod swaps;
mod turns;
mod writes;
