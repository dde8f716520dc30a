//! Looking at jobs.

use std::fmt::Write;

use store::v;

use crate::job::{COLUMNS, Job, is_id};
use crate::{JobError, JobType, Jobs, Status};

/// More are not read at once: each may bring half a megabyte.
const MAX_LIMIT: u32 = 100;

/// Which page of which jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Those with this status; `None`: all.
    pub status: Option<Status>,
    /// Those of this type; `None`: all.
    pub job_type: Option<JobType>,
    /// How many, from 1 to 100.
    pub limit: u32,
    /// [`Page::next`] of the page before; `None` starts with the newest.
    pub after: Option<String>,
}

impl Default for Query {
    /// The fifty newest.
    fn default() -> Self {
        Self { status: None, job_type: None, limit: 50, after: None }
    }
}

/// Some jobs, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The jobs.
    pub jobs: Vec<Job>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
}

impl Jobs {
    /// One job.
    pub async fn get(&self, id: &str) -> Result<Job, JobError> {
        let id = id.to_owned();
        self.state().read(move |conn| Job::find(conn, &id)).await
    }

    /// One page of jobs, the newest first. Pages stay stable while jobs are added.
    pub async fn list(&self, query: Query) -> Result<Page, JobError> {
        if query.after.as_deref().is_some_and(|after| !is_id(after)) {
            return Err(JobError::Cursor);
        }
        let limit = query.limit.clamp(1, MAX_LIMIT);
        // One more than asked for shows whether there is a next page.
        let mut jobs = self.state().read(move |conn| read(conn, &query, limit + 1)).await?;
        let more = jobs.len() > limit as usize;
        jobs.truncate(limit as usize);
        let next = jobs.last().filter(|_| more).map(|job| job.id.clone());
        Ok(Page { jobs, next })
    }
}

fn read(conn: &mut store::Conn<'_>, query: &Query, limit: u32) -> Result<Vec<Job>, JobError> {
    // Every id is less than this.
    let after = query.after.as_deref().unwrap_or("g");
    let mut sql = format!("SELECT {COLUMNS} FROM appview_jobs WHERE id < $1");
    let mut values = vec![v(after), v(limit)];
    if let Some(status) = query.status {
        values.push(v(status.as_str()));
        let _ = write!(sql, " AND status = ${}", values.len());
    }
    if let Some(job_type) = &query.job_type {
        values.push(v(job_type.as_str()));
        let _ = write!(sql, " AND job_type = ${}", values.len());
    }
    sql.push_str(" ORDER BY id DESC LIMIT $2");
    conn.query(&sql, &values, Job::read)
}
