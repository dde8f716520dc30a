//! What can go wrong around jobs.

use crate::Status;

/// Why a job could not be asked for, told something or looked at.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// There is no such job.
    #[error("there is no backfill job {id}")]
    NotFound {
        /// What was asked for.
        id: String,
    },
    /// The job is in the wrong state for that.
    #[error("a job that is {status} cannot be {wanted}")]
    Conflict {
        /// Its status.
        status: Status,
        /// What it was told, as a participle.
        wanted: &'static str,
    },
    /// The directory beside the relay could not be read to its end.
    #[error("the directory of {collection} cannot be read: {cause}")]
    Directory {
        /// Of which collection.
        collection: String,
        /// What the relay said last.
        cause: String,
    },
    /// Nothing that the job is about is indexed here.
    #[error("no record lexicon asks for what the job is about: add one, and start the job again")]
    NothingIndexed,
    /// The databases refused or could not be reached.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The record index did.
    #[error(transparent)]
    Records(#[from] records::Error),
}
