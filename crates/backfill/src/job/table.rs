//! The rows of `backfill_jobs`.

use clock::now_micros;
use store::{Conn, Database, Row, v};

use super::model::{Cause, Job, NewJob, Scope, Stage, Status, mode};
use super::transition::Command;
use crate::JobError;
use crate::progress::Counters;

const COLUMNS: &str = "
    SELECT id, collections, dids, mode, verified, cause, gap_id, created_by, status, stage, total_repos, resolved_repos,
           processed_repos, failed_repos, total_records, error, created_at, started_at, completed_at, index_id
    FROM backfill_jobs";

/// The table.
#[derive(Clone)]
pub(crate) struct Jobs {
    pub(crate) state: Database,
}

impl Jobs {
    pub(crate) async fn add(&self, new: NewJob) -> Result<Job, JobError> {
        const SQL: &str = "
            INSERT INTO backfill_jobs
                (id, collections, dids, mode, verified, cause, gap_id, created_by, status, stage, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', 'pending', $9)";
        let id = uuid::Uuid::now_v7().to_string();
        let names = |list: Vec<&str>| serde_json::Value::from(list).to_string();
        let collections = names(new.collections.iter().map(atproto::Nsid::as_str).collect());
        let dids = match &new.scope {
            Scope::Network => None,
            Scope::Repos(dids) => Some(names(dids.iter().map(atproto::Did::as_str).collect())),
        };
        let (key, now) = (id.clone(), now_micros());
        self.state
            .write(move |conn| {
                let row = [
                    v(&key),
                    v(&collections),
                    v(dids.as_deref()),
                    v(new.mode.as_str()),
                    v(new.verified),
                    v(new.cause.as_str()),
                    v(new.cause.gap()),
                    v(new.by.as_deref()),
                    v(now),
                ];
                conn.execute(SQL, &row)
            })
            .await?;
        self.get(&id).await
    }

    /// All of them, the newest first.
    pub(crate) async fn list(&self) -> Result<Vec<Job>, JobError> {
        let sql = format!("{COLUMNS} ORDER BY id DESC LIMIT 1000");
        Ok(self.state.read(move |conn| conn.query(&sql, &[], from_row)).await?)
    }

    /// Those that somebody has to do something about, the oldest first.
    pub(crate) async fn open(&self) -> Result<Vec<Job>, JobError> {
        let sql = format!(
            "{COLUMNS} WHERE status IN ('pending', 'running', 'pausing', 'cancelling') ORDER BY id LIMIT 100"
        );
        Ok(self.state.read(move |conn| conn.query(&sql, &[], from_row)).await?)
    }

    pub(crate) async fn get(&self, id: &str) -> Result<Job, JobError> {
        let id = id.to_owned();
        self.state.read(move |conn| find(conn, &id)).await
    }

    /// Does what the command says, if it makes sense for the job.
    pub(crate) async fn command(&self, id: &str, command: Command) -> Result<(Job, bool), JobError> {
        const SQL: &str = "UPDATE backfill_jobs SET status = $2, stage = $3, completed_at = $4 WHERE id = $1";
        let id = id.to_owned();
        self.state
            .write(move |conn| {
                let mut job = find(conn, &id)?;
                let next = command.applied_to(job.status)?;
                let changed = next != job.status;
                if changed {
                    job.status = next;
                    if next == Status::Cancelled {
                        (job.stage, job.completed_at) = (Stage::Cancelled, Some(now_micros()));
                    }
                    let row = [v(&job.id), v(next.as_str()), v(job.stage.as_str()), v(job.completed_at)];
                    conn.execute(SQL, &row)?;
                }
                Ok((job, changed))
            })
            .await
    }

    /// A job is taken up, its progress being in this index.
    pub(crate) async fn begin(&self, id: &str, index_id: &str) -> Result<(), JobError> {
        const SQL: &str = "
            UPDATE backfill_jobs SET status = 'running', index_id = $2,
                   stage = 'discovering_repos', error = NULL, completed_at = NULL
            WHERE id = $1 AND status IN ('pending', 'running')";
        let (id, index_id) = (id.to_owned(), index_id.to_owned());
        let begun = self.state.write(move |conn| conn.execute(SQL, &[v(&id), v(&index_id)]));
        Ok(begun.await.map(drop)?)
    }

    /// From now on repositories are asked, for the first time or again.
    pub(crate) async fn started(&self, id: &str) -> Result<(), JobError> {
        const SQL: &str = "UPDATE backfill_jobs SET started_at = coalesce(started_at, $2) WHERE id = $1";
        let (id, now) = (id.to_owned(), now_micros());
        let started = self.state.write(move |conn| conn.execute(SQL, &[v(&id), v(now)]));
        Ok(started.await.map(drop)?)
    }

    /// Writes down how far a job is; the status that it has by now.
    pub(crate) async fn report(
        &self,
        id: &str,
        counters: Counters,
        stage: Stage,
    ) -> Result<Status, JobError> {
        const SQL: &str = "
            UPDATE backfill_jobs SET total_repos = $2, resolved_repos = $3, processed_repos = $4, failed_repos = $5,
                   total_records = $6, stage = $7
            WHERE id = $1 RETURNING status";
        let key = id.to_owned();
        let status = self.state.write(move |conn| {
            let row = [
                v(&key),
                v(counters.total),
                v(counters.resolved),
                v(counters.processed),
                v(counters.failed),
                v(counters.records),
                v(stage.as_str()),
            ];
            conn.query_opt::<_, store::Error>(SQL, &row, |row| row.string(0))
        });
        let status = status.await?.ok_or_else(|| JobError::NotFound { id: id.to_owned() })?;
        Ok(Status::from_word(&status).unwrap_or(Status::Failed))
    }

    /// A job that is `from` becomes `to`, unless it has been told something else meanwhile; whether it has not.
    pub(crate) async fn stop(
        &self,
        id: &str,
        from: Status,
        to: Status,
        error: Option<String>,
    ) -> Result<bool, JobError> {
        const SQL: &str = "
            UPDATE backfill_jobs SET status = $3, stage = coalesce($4, stage), error = $5, completed_at = $6
            WHERE id = $1 AND status = $2";
        let (id, ended) = (id.to_owned(), to.is_final().then(now_micros));
        let stage = Stage::from_word(to.as_str()).filter(|_| to.is_final()).map(Stage::as_str);
        let stopped = self.state.write(move |conn| {
            let row = [v(&id), v(from.as_str()), v(to.as_str()), v(stage), v(error.as_deref()), v(ended)];
            conn.execute(SQL, &row)
        });
        Ok(stopped.await? > 0)
    }
}

fn find(conn: &mut Conn<'_>, id: &str) -> Result<Job, JobError> {
    let found = conn.query_opt::<_, store::Error>(&format!("{COLUMNS} WHERE id = $1"), &[v(id)], from_row)?;
    found.ok_or_else(|| JobError::NotFound { id: id.to_owned() })
}

fn from_row(row: &Row<'_>) -> Result<Job, store::Error> {
    let cause = Cause::from_row(row.text(5)?, row.opt_int(6)?);
    Ok(Job {
        id: row.string(0)?,
        collections: names(row.text(1)?),
        scope: row.opt_text(2)?.map_or(Scope::Network, |dids| Scope::Repos(names(dids))),
        mode: mode(row.text(3)?),
        verified: row.bool(4)?,
        cause,
        by: row.opt_text(7)?.map(str::to_owned),
        status: Status::from_word(row.text(8)?).unwrap_or(Status::Failed),
        stage: Stage::from_word(row.text(9)?).unwrap_or(Stage::Failed),
        total_repos: row.int(10)?,
        resolved_repos: row.int(11)?,
        processed_repos: row.int(12)?,
        failed_repos: row.int(13)?,
        total_records: row.int(14)?,
        error: row.opt_text(15)?.map(str::to_owned),
        created_at: row.int(16)?,
        started_at: row.opt_int(17)?,
        completed_at: row.opt_int(18)?,
        index_id: row.opt_text(19)?.map(str::to_owned),
    })
}

/// A list that was written by [`Jobs::add`].
fn names<T: std::str::FromStr>(json: &str) -> Vec<T> {
    let list: Vec<String> = serde_json::from_str(json).unwrap_or_default();
    list.iter().filter_map(|name| name.parse().ok()).collect()
}
