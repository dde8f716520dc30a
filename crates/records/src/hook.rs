//! Deciding what is stored, before it is stored.

use futures::future::BoxFuture;

use atproto::Nsid;

use crate::RecordEvent;

/// Looks at record events before they are written, outside the transaction and in the order of each repository.
///
/// A hook may have durable effects of its own; they come first, and a batch may be offered again after a crash or a
/// failure, so they must be idempotent.
pub trait IngestHook: Send + Sync {
    /// Whether events of this collection are to be shown to it.
    fn wants(&self, collection: &Nsid) -> bool;

    /// One [`Decision`] per event, in the order of `batch`. After an error the same batch is offered again.
    fn decide<'a>(&'a self, batch: &'a [RecordEvent]) -> BoxFuture<'a, Result<Vec<Decision>, store::Error>>;
}

/// What becomes of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// As it came.
    Keep,
    /// Store this JSON object instead. The CID stays that of the author's record. Means [`Keep`](Self::Keep) for a
    /// deletion.
    Replace(String),
    /// A record that is skipped is not in the index, nor is an older version of it. A deletion that is skipped leaves
    /// the record.
    Skip,
    /// [`Skip`](Self::Skip) for what is stored, and [`Keep`](Self::Keep) for a deletion. Nobody else is asked, and whoever
    /// decides so has said why.
    Refuse,
}
