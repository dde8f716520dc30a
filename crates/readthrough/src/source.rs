//! What a record is at its source, whatever is here.

use atproto::{Did, Nsid, RecordKey};
use remote::{Part, RemoteError};

use crate::ReadThrough;
use crate::asking::{Missing, What};
use crate::question::Failure;

/// Why it is not known what the source says. The text is for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// The author's host, or the directory, is of no help.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// The host says that there is a record, and does not prove it.
    #[error("the author's host gives no proof that its author wrote the record")]
    Unproven,
    /// It took too long.
    #[error("the author's host takes too long to answer")]
    Late,
    /// Such a name is not asked for.
    #[error("the name of the record is too long to be asked for")]
    TooLong,
}

impl ReadThrough {
    /// Asks the author's host for a record, proven by its author's signature, and stores nothing. Meant for operators: it is paid
    /// from no purse, and a host that was of no help a moment ago is asked all the same.
    pub async fn at_source(&self, did: &Did, collection: &Nsid, rkey: &RecordKey) -> Result<Part, Unread> {
        let missing = Missing::new(did, collection, What::Record(rkey.clone())).ok_or(Unread::TooLong)?;
        let locating = self.inner.remote.locate(did);
        let home = tokio::time::timeout(self.inner.config.question_time, locating)
            .await
            .map_err(|_| Unread::Late)??;
        let mut parts = self.inner.fetch(&home, &missing).await.map_err(|failure| match failure {
            Failure::Remote(error) => Unread::Remote(error),
            Failure::Unproven => Unread::Unproven,
            Failure::Late => Unread::Late,
        })?;
        parts.pop().ok_or(Unread::Unproven)
    }
}
