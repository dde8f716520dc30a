//! How a job gets from one status to another: by being told to, and by ending (spec/appview.md §5.11).

use crate::{JobError, Status};

/// What somebody tells a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Stop for now.
    Pause,
    /// Begin again.
    Resume,
    /// Stop for good.
    Cancel,
    /// Begin again after it has ended.
    Retry,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The work is done.
    Done,
    /// It failed, and is not tried again.
    Failed,
    /// It failed, and is tried again.
    Again,
    /// The worker went away.
    Interrupted,
}

impl Command {
    /// What becomes of a job with this status. Cancelling again what is being cancelled changes nothing.
    pub(crate) fn applied_to(self, status: Status) -> Result<Status, JobError> {
        use Status::{Cancelled, Cancelling, Failed, Paused, Pausing, Pending, Running};
        match (self, status) {
            (Self::Pause, Running) => Ok(Pausing),
            (Self::Resume, Paused) | (Self::Retry, Failed | Cancelled) => Ok(Pending),
            (Self::Cancel, Running | Pausing | Cancelling) => Ok(Cancelling),
            (Self::Cancel, Pending | Paused) => Ok(Cancelled),
            (command, status) => Err(JobError::Conflict { status, wanted: command.participle() }),
        }
    }

    fn participle(self) -> &'static str {
        match self {
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::Cancel => "cancelled",
            Self::Retry => "tried again",
        }
    }
}

impl End {
    /// What becomes of a job with this status; `None` if it was not running. Who was asked to stop has stopped, however
    /// the run ended.
    pub(crate) fn applied_to(self, status: Status) -> Option<Status> {
        match (status, self) {
            (Status::Running, Self::Done) => Some(Status::Completed),
            (Status::Running, Self::Failed) => Some(Status::Failed),
            (Status::Running, Self::Again | Self::Interrupted) => Some(Status::Pending),
            (Status::Pausing, _) => Some(Status::Paused),
            (Status::Cancelling, _) => Some(Status::Cancelled),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use Status::{Cancelled, Cancelling, Completed, Failed, Paused, Pausing, Pending, Running};

    /// The lines of the specification, a restart's and a retry's way back among them, that who is asked to pause may still
    /// be cancelled, and that what has ended without its work being done may begin again.
    const TABLE: [(Status, Status); 14] = [
        (Pending, Running),
        (Running, Completed),
        (Running, Failed),
        (Running, Pausing),
        (Pausing, Paused),
        (Paused, Pending),
        (Running, Cancelling),
        (Cancelling, Cancelled),
        (Pending, Cancelled),
        (Paused, Cancelled),
        (Running, Pending),
        (Pausing, Cancelling),
        (Failed, Pending),
        (Cancelled, Pending),
    ];

    const COMMANDS: [Command; 4] = [Command::Pause, Command::Resume, Command::Cancel, Command::Retry];

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Take,
        Tell(Command),
        End(End),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            Just(Step::Take),
            prop::sample::select(COMMANDS.to_vec()).prop_map(Step::Tell),
            prop::sample::select(vec![End::Done, End::Failed, End::Again, End::Interrupted])
                .prop_map(Step::End),
        ]
    }

    fn next(status: Status, step: Step) -> Option<Status> {
        match step {
            Step::Take => (status == Pending).then_some(Running),
            Step::Tell(command) => command.applied_to(status).ok(),
            Step::End(end) => end.applied_to(status),
        }
    }

    proptest! {
        #[test]
        fn whatever_happens_is_in_the_table(steps in prop::collection::vec(step(), 0..60)) {
            let mut status = Pending;
            for step in steps {
                let Some(next) = next(status, step) else { continue };
                prop_assert!(next == status || TABLE.contains(&(status, next)), "{status} to {next}: {step:?}");
                prop_assert!(!status.is_final() || matches!(step, Step::Tell(Command::Retry)));
                status = next;
            }
        }
    }

    #[test]
    fn every_line_of_the_table_is_reached() {
        let steps = COMMANDS.map(Step::Tell);
        let ends = [End::Done, End::Failed, End::Again, End::Interrupted].map(Step::End);
        let steps: Vec<Step> = steps.into_iter().chain(ends).chain([Step::Take]).collect();
        for (from, to) in TABLE {
            assert!(steps.iter().any(|step| next(from, *step) == Some(to)), "{from} to {to}");
        }
    }

    #[test]
    fn refusals_say_what_the_job_is() {
        let refused = [
            (Command::Pause, vec![Pending, Pausing, Paused, Cancelling, Cancelled, Completed, Failed]),
            (Command::Resume, vec![Pending, Running, Pausing, Cancelling, Cancelled, Completed, Failed]),
            (Command::Cancel, vec![Cancelled, Completed, Failed]),
            (Command::Retry, vec![Pending, Running, Pausing, Paused, Cancelling, Completed]),
        ];
        for (command, statuses) in refused {
            for of in Status::ALL {
                let answer = command.applied_to(of);
                let is_refused = matches!(answer, Err(JobError::Conflict { status, .. }) if status == of);
                assert_eq!(is_refused, statuses.contains(&of), "{command:?} {of}");
            }
        }
        let words = Command::Pause.applied_to(Completed).unwrap_err().to_string();
        assert_eq!(words, "a job that is completed cannot be paused");
    }
}
