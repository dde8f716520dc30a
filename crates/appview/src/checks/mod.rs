//! Records compared with their lexicons, where a lexicon asks for that (`validation`).
//!
//! What is not to be indexed at all is stopped before it is written ([`RecordCheck`], a hook of the ingest). What is
//! indexed is compared afterwards, by one task that follows the change log ([`Checker`]), whoever wrote it; and all over
//! again when a lexicon changes or is taken more strictly. Both follow from lexicons and records alone, so that an index that
//! is made anew ends up the same.

mod account;
mod hook;
mod list;
mod outcome;
mod tables;
mod task;

pub(crate) use hook::RecordCheck;
pub(crate) use list::{Checks, Flaw, Progress};
pub(crate) use task::{Checker, check_records};

/// What is wrong with records of one collection is kept for so many of them.
pub(crate) const MAX_KEPT: i64 = 10_000;
