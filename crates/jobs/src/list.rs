//! Looking at jobs.

use store::v;

use crate::job::{COLUMNS, Job, is_id};
use crate::{JobError, Jobs, Status};

/// More are not read at once: each may bring half a megabyte.
const MAX_LIMIT: u32 = 100;

/// Which page of which jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Those with this status; `None`: all.
    pub status: Option<Status>,
    /// How many, from 1 to 100.
    pub limit: u32,
    /// [`Page::next`] of the page before; `None` starts with the newest.
    pub after: Option<String>,
}

impl Default for Query {
    /// The fifty newest.
    fn default() -> Self {
        Self { status: None, limit: 50, after: None }
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
    match query.status {
        None => {
            let sql = format!("SELECT {COLUMNS} FROM appview_jobs WHERE id < $1 ORDER BY id DESC LIMIT $2");
            conn.query(&sql, &[v(after), v(limit)], Job::read)
        }
        Some(status) => {
            let sql = format!(
                "SELECT {COLUMNS} FROM appview_jobs WHERE status = $3 AND id < $1 ORDER BY id DESC LIMIT $2"
            );
            conn.query(&sql, &[v(after), v(limit), v(status.as_str())], Job::read)
        }
    }
}
