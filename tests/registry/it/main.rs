//! The registry against everybody's expectations: the whole matrix, what goes beyond it, and the tools that people use.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod browse;
mod clients;
mod extra;
mod hold;
mod holds;
mod importing;
mod instances;
mod matrix;
mod operator;
mod ours;
mod pds;
mod soak;
mod stubborn;
mod survival;
mod wire;
