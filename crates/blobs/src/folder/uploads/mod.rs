//! Bytes on their way in (spec/registry.md §1.5).
//!
//! An upload is a file, and its offset is the length of that file. What is known besides, the hash of what came so far, is in memory
//! and is made again from the file when it is missing. One request at a time has an upload.

mod append;
mod batch;
mod expire;
mod finish;
mod left;
mod pipe;
mod progress;
mod start;
mod writer;

pub(super) use left::left;
pub(super) use progress::Progress;
