//! Telling a job to stop or to go on.

use clock::now_micros;
use events::kinds;
use store::v;

use crate::job::Job;
use crate::transition::Command;
use crate::{JobError, Jobs, Status};

impl Jobs {
    /// Asks a job that runs to stop for good; one that does not run is cancelled at once. [`JobError::Conflict`] if it has
    /// ended.
    pub async fn cancel(&self, id: &str) -> Result<Job, JobError> {
        let job = self.command(id, Command::Cancel).await?;
        if job.status == Status::Cancelled {
            self.record(&job, kinds::JOB_CANCELLED);
        }
        self.tell();
        Ok(job)
    }

    /// Asks a job to stop until it is resumed. [`JobError::Conflict`] if it does not run.
    pub async fn pause(&self, id: &str) -> Result<Job, JobError> {
        let job = self.command(id, Command::Pause).await?;
        self.tell();
        Ok(job)
    }

    /// Lets a job begin again, with all its attempts. [`JobError::Conflict`] if it is not paused.
    pub async fn resume(&self, id: &str) -> Result<Job, JobError> {
        let job = self.command(id, Command::Resume).await?;
        self.wake();
        Ok(job)
    }

    /// Lets a job begin again that failed or was cancelled, at once and with all its attempts. [`JobError::Conflict`] if it
    /// has not.
    pub async fn retry(&self, id: &str) -> Result<Job, JobError> {
        let job = self.command(id, Command::Retry).await?;
        self.wake();
        Ok(job)
    }

    async fn command(&self, id: &str, command: Command) -> Result<Job, JobError> {
        const SQL: &str = "
            UPDATE appview_jobs SET status = $2, completed_at = $3, attempts = $4, crashes = $5, run_at = $6
            WHERE id = $1";
        let (id, now) = (id.to_owned(), now_micros());
        let told = self.write(move |conn| {
            let mut job = Job::find(conn, &id)?;
            job.status = command.applied_to(job.status)?;
            job.completed_at = job.status.is_final().then_some(now);
            if job.status == Status::Pending {
                (job.attempts, job.crashes) = (0, 0);
            }
            if command == Command::Retry {
                job.run_at = now;
            }
            let row = [
                v(&job.id),
                v(job.status.as_str()),
                v(job.completed_at),
                v(job.attempts),
                v(job.crashes),
                v(job.run_at),
            ];
            conn.execute(SQL, &row)?;
            Ok::<_, JobError>(job)
        });
        told.await
    }
}
