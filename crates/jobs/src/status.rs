//! Where a job is in its life.

use std::fmt;
use std::str::FromStr;

use crate::JobError;

/// Where a job is in its life (spec/appview.md §5.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Waiting for a worker, or for its time.
    Pending,
    /// A worker runs it.
    Running,
    /// It runs, and has been asked to stop for now.
    Pausing,
    /// Stopped; it begins again when it is told to.
    Paused,
    /// It runs, and has been asked to stop for good.
    Cancelling,
    /// Stopped for good.
    Cancelled,
    /// It has done its work.
    Completed,
    /// It could not.
    Failed,
}

impl Status {
    /// Every status, in the order of a job's life.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::Running,
        Self::Pausing,
        Self::Paused,
        Self::Cancelling,
        Self::Cancelled,
        Self::Completed,
        Self::Failed,
    ];

    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Pausing => "pausing",
            Self::Paused => "paused",
            Self::Cancelling => "cancelling",
            Self::Cancelled => "cancelled",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    /// Whether nothing will happen to the job any more, unless somebody wants it tried again.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Cancelled | Self::Completed | Self::Failed)
    }

    /// Whether a worker that runs such a job is to end soon.
    pub(crate) const fn is_stopping(self) -> bool {
        matches!(self, Self::Pausing | Self::Cancelling)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Status {
    type Err = JobError;

    fn from_str(word: &str) -> Result<Self, JobError> {
        let found = Self::ALL.into_iter().find(|status| status.as_str() == word);
        found.ok_or_else(|| JobError::Status(word.chars().take(64).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_as_they_went_out() {
        for status in Status::ALL {
            assert_eq!(status.to_string().parse::<Status>().unwrap(), status);
        }
        for bad in ["", "Running", "stopped", &"x".repeat(1000)] {
            let error = bad.parse::<Status>().unwrap_err();
            assert!(matches!(&error, JobError::Status(word) if word.len() <= 64), "{error}");
        }
    }
}
