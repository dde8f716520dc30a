//! Writing: what is asked for is checked, then done in one transaction.

mod apply;
mod base;
mod columns;
mod outcome;
mod prepare;
mod rows;
mod tell;
mod time;
mod tree;

pub(crate) use base::Base;
pub use outcome::{Applied, CommitId, Expected, Write, Written};
pub(crate) use time::{next_rev, stamp};
