//! Scripts over records, on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod deciding;
mod failing;
mod folder;
mod importing;
mod keeping;
mod labelling;
mod reindexing;
mod rig;
