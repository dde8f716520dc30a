//! What a job may be told, and when (spec/appview.md §6.2).

use super::model::Status;
use crate::JobError;

/// What a job is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Stop, and keep what there is.
    Pause,
    /// Go on.
    Resume,
    /// Stop for good.
    Cancel,
    /// Go on with what could not be fetched.
    Retry,
}

impl Command {
    /// What becomes of a job with this status. Repeating what is under way changes nothing.
    pub(crate) fn applied_to(self, status: Status) -> Result<Status, JobError> {
        use Status::{Cancelled, Cancelling, Completed, Failed, Paused, Pausing, Pending, Running};
        Ok(match (self, status) {
            (Self::Pause, Running | Pausing) => Pausing,
            (Self::Pause, Pending | Paused) => Paused,
            (Self::Cancel, Running | Pausing | Cancelling) => Cancelling,
            (Self::Cancel, Pending | Paused | Cancelled) => Cancelled,
            (Self::Resume, Paused | Pausing) | (Self::Retry, Completed | Failed | Paused) => Running,
            (command, status) => return Err(JobError::Conflict { status, wanted: command.verb() }),
        })
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::Cancel => "cancelled",
            Self::Retry => "tried again",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_is_not_told_anything_but_to_try_again() {
        for ended in [Status::Completed, Status::Failed] {
            for command in [Command::Pause, Command::Resume, Command::Cancel] {
                assert!(command.applied_to(ended).is_err());
            }
            assert_eq!(Command::Retry.applied_to(ended).unwrap(), Status::Running);
        }
        assert!(Command::Resume.applied_to(Status::Cancelled).is_err());
        assert!(Command::Retry.applied_to(Status::Cancelled).is_err());
        assert!(Command::Resume.applied_to(Status::Running).is_err());
    }

    #[test]
    fn repeating_is_harmless() {
        for (command, status) in [
            (Command::Pause, Status::Pausing),
            (Command::Cancel, Status::Cancelling),
            (Command::Pause, Status::Paused),
        ] {
            assert_eq!(command.applied_to(status).unwrap(), status);
        }
    }
}
