//! How much a reader has read.

use crate::telemetry;

/// How much a reader has read.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Records that were handed on.
    pub(super) records: u64,
    /// Records that were left out.
    pub(super) rejected: u64,
}

impl Tally {
    /// Counts a record that is left out.
    pub(super) fn reject(&mut self, reason: &'static str) {
        self.rejected += 1;
        telemetry::rejected(reason);
    }

    /// All records that were looked at.
    pub(super) fn seen(&self) -> u64 {
        self.records + self.rejected
    }
}
