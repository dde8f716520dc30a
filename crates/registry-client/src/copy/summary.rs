//! What became of everything.

use super::blobs::Outcome;
use crate::Error;

/// Troubles that are kept; further ones are counted.
const MOST: usize = 1_000;

/// What was copied, what was there, and what was not copied.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Repositories that were looked through.
    pub repositories: u64,
    /// Tags that were put on what they are on in the source.
    pub tags: u64,
    /// Tags that were.
    pub tags_there: u64,
    /// Manifests that were stored.
    pub manifests: u64,
    /// Manifests that were there.
    pub manifests_there: u64,
    /// Layers that were sent.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Layers that were mounted from another repository of the same owner.
    pub mounted: u64,
    /// Layers that were there, as far as they had to be looked for.
    pub blobs_there: u64,
    /// What was not copied, the first thousand.
    pub troubles: Vec<Trouble>,
    /// How many there were altogether.
    pub failed: u64,
}

/// Something that was not copied.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// A tag, a manifest or a name.
    pub what: String,
    /// The error.
    pub why: String,
}

impl Summary {
    pub(super) fn blob(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::There => self.blobs_there += 1,
            Outcome::Mounted => self.mounted += 1,
            Outcome::Sent(bytes) => {
                self.blobs += 1;
                self.bytes += bytes;
            }
        }
    }

    pub(super) fn trouble(&mut self, what: String, error: &Error) {
        self.failed += 1;
        if self.troubles.len() < MOST {
            self.troubles.push(Trouble { what, why: error.to_string() });
        }
    }
}
