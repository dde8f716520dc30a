//! What can go wrong around jobs.

use crate::Status;

/// Why a job could not be made, told something or looked at.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// There is no such job.
    #[error("there is no job {id}")]
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
    /// A type that no script could have.
    #[error(
        "job type {0:?}: use 1 to 128 of a-z, 0-9, dot, underscore and hyphen, beginning with a letter or a digit"
    )]
    Type(String),
    /// A word that names no status.
    #[error(
        "unknown status {0:?}; there are: pending, running, pausing, paused, cancelling, cancelled, completed, failed"
    )]
    Status(String),
    /// A cursor that no page came with.
    #[error("malformed cursor: use the cursor of the page before")]
    Cursor,
    /// More than is kept.
    #[error("the {what} of a job is limited to {limit} bytes; this one has {bytes}")]
    TooLarge {
        /// Of what.
        what: &'static str,
        /// How large it is, in bytes.
        bytes: usize,
        /// How large it may be, in bytes.
        limit: usize,
    },
    /// Not JSON.
    #[error("the {what} of a job must be JSON: {cause}")]
    Json {
        /// What is not.
        what: &'static str,
        /// The parser's words.
        cause: String,
    },
    /// There are too many already.
    #[error("there are {limit} jobs {whose} that have not ended; wait until some have, or cancel them")]
    TooMany {
        /// How many there may be.
        limit: i64,
        /// Whose they are, as in "of one account".
        whose: &'static str,
    },
    /// A key that cannot be stored.
    #[error("the key of a job must not contain NUL")]
    Key,
    /// A row holds what this crate never wrote.
    #[error("job {id} has a malformed {what} in the database; restore a backup, or delete its row")]
    Corrupt {
        /// Which job.
        id: String,
        /// Which column.
        what: &'static str,
    },
    /// The database refused or could not be reached.
    #[error(transparent)]
    Store(#[from] store::Error),
}
