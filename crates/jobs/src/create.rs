//! Making jobs.

use atproto::Did;
use clock::now_micros;
use store::{Conn, v};

use crate::job::{COLUMNS, Job};
use crate::{JobError, JobType, Jobs, bounds};

/// A job to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// What sort of work.
    pub job_type: JobType,
    /// What it works on: JSON of at most 256 KiB.
    pub input: String,
    /// In whose name.
    pub created_by: Did,
    /// Whether it acts with a session of that account.
    pub auth: bool,
    /// The row id of that session. A job that is to act with one and has none fails when it is run.
    pub session: Option<String>,
    /// When it may run, in microseconds; `None`: at once.
    pub run_at: Option<i64>,
    /// After how many failed runs it is given up; 0 counts as 1.
    pub max_attempts: u32,
    /// Names the wish, in at most 512 bytes without NUL: while there is a job of this type and creator with this key,
    /// wishing again makes no second.
    pub key: Option<String>,
}

impl NewJob {
    /// A job that runs at once, without a session, and is not tried again when it fails.
    #[must_use]
    pub fn new(job_type: JobType, input: String, created_by: Did) -> Self {
        Self {
            job_type,
            input,
            created_by,
            auth: false,
            session: None,
            run_at: None,
            max_attempts: 1,
            key: None,
        }
    }
}

impl Jobs {
    /// Writes a job down; a worker takes it up within moments, one of another instance within seconds. If there is a job
    /// with its key already, that one is the answer, whatever has become of it.
    pub async fn create(&self, new: NewJob) -> Result<Job, JobError> {
        const INSERT: &str = "
            INSERT INTO appview_jobs
                (id, job_type, status, input, progress, created_by, inherit_auth, idempotency_key, run_at, attempts,
                 max_attempts, epoch, created_at, session_id)
            VALUES ($1, $2, 'pending', $3, '{}', $4, $5, $6, $7, 0, $8, 0, $9, $10)
            ON CONFLICT (idempotency_key) DO NOTHING";
        bounds::json("input", &new.input, bounds::MAX_INPUT)?;
        if let Some(key) = &new.key {
            bounds::key(key)?;
        }
        let key = new.key.as_ref().filter(|_| !faults::mutant!("jobs-same-key-twice"));
        let key = key.map(|key| format!("{} {} {key}", new.job_type, new.created_by));
        let (id, now) = (uuid::Uuid::now_v7().to_string(), now_micros());
        let created = self.write(move |conn| {
            let row = [
                v(&id),
                v(new.job_type.as_str()),
                v(&new.input),
                v(new.created_by.as_str()),
                v(new.auth),
                v(key.as_deref()),
                v(new.run_at.unwrap_or(now)),
                v(new.max_attempts.max(1)),
                v(now),
                v(new.session.as_deref()),
            ];
            if conn.execute(INSERT, &row)? == 1 {
                check_room(conn, &new.created_by)?;
                return Job::find(conn, &id);
            }
            let sql = format!("SELECT {COLUMNS} FROM appview_jobs WHERE idempotency_key = $1");
            conn.query_one(&sql, &[v(key.as_deref())], Job::read)
        });
        let job = created.await?;
        self.wake();
        Ok(job)
    }
}

/// Fails if the job just written is one too many.
fn check_room(conn: &mut Conn<'_>, creator: &Did) -> Result<(), JobError> {
    const SQL: &str = "
        SELECT count(*), count(CASE WHEN created_by = $1 THEN 1 END) FROM appview_jobs WHERE completed_at IS NULL";
    let (all, own) =
        conn.query_one(SQL, &[v(creator.as_str())], |row| Ok::<_, JobError>((row.int(0)?, row.int(1)?)))?;
    for (open, limit, whose) in
        [(own, bounds::MAX_OPEN_OF_ONE, "of one account"), (all, bounds::MAX_OPEN, "in all")]
    {
        if open > limit + i64::from(faults::mutant!("jobs-one-more-waits")) {
            return Err(JobError::TooMany { limit, whose });
        }
    }
    Ok(())
}
