//! A job as it is kept.

use atproto::Did;
use store::{Conn, Row, v};

use crate::{JobError, JobType, Status};

/// A piece of work, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// A `UUIDv7`: that of a newer job is greater.
    pub id: String,
    /// What sort of work.
    pub job_type: JobType,
    /// Where it is in its life.
    pub status: Status,
    /// What it works on: JSON.
    pub input: String,
    /// How far it says it is: JSON. Kept when it begins again, until it says something new.
    pub progress: String,
    /// What its last run returned: JSON. One that was asked to stop may have returned something, too.
    pub result: Option<String>,
    /// Why its last run failed.
    pub error: Option<String>,
    /// In whose name it was made.
    pub created_by: Did,
    /// Whether it acts with its creator's session.
    pub inherit_auth: bool,
    /// Which session that is; `None` if there was none when the job was made.
    pub session: Option<String>,
    /// When it may run, in microseconds as the other times.
    pub run_at: i64,
    /// How many of its runs have failed since it was made or last resumed.
    pub attempts: u32,
    /// After how many failed runs it is given up.
    pub max_attempts: u32,
    /// How often its worker died while it ran, since it was made or last told to begin again.
    pub crashes: u32,
    /// When it was made.
    pub created_at: i64,
    /// When it was first taken up.
    pub started_at: Option<i64>,
    /// When it completed, failed or was cancelled.
    pub completed_at: Option<i64>,
    /// Grows whenever the job changes hands.
    pub(crate) epoch: i64,
}

/// The columns that [`Job::read`] reads.
pub(crate) const COLUMNS: &str = "
    id, job_type, status, input, progress, result, error, created_by, inherit_auth, run_at, attempts, max_attempts,
    created_at, started_at, completed_at, epoch, crashes, session_id";

impl Job {
    pub(crate) fn read(row: &Row<'_>) -> Result<Self, JobError> {
        let id = row.string(0)?;
        let corrupt = |what| JobError::Corrupt { id: id.clone(), what };
        Ok(Self {
            job_type: row.text(1)?.parse().map_err(|_| corrupt("job_type"))?,
            status: row.text(2)?.parse().map_err(|_| corrupt("status"))?,
            input: row.string(3)?,
            progress: row.string(4)?,
            result: row.opt_text(5)?.map(str::to_owned),
            error: row.opt_text(6)?.map(str::to_owned),
            created_by: Did::parse(row.text(7)?).map_err(|_| corrupt("created_by"))?,
            inherit_auth: row.bool(8)?,
            run_at: row.int(9)?,
            attempts: u32::try_from(row.int(10)?).map_err(|_| corrupt("attempts"))?,
            max_attempts: u32::try_from(row.int(11)?).map_err(|_| corrupt("max_attempts"))?,
            created_at: row.int(12)?,
            started_at: row.opt_int(13)?,
            completed_at: row.opt_int(14)?,
            epoch: row.int(15)?,
            crashes: u32::try_from(row.int(16)?).map_err(|_| corrupt("crashes"))?,
            session: row.opt_text(17)?.map(str::to_owned),
            id,
        })
    }

    /// The job with this id.
    pub(crate) fn find(conn: &mut Conn<'_>, id: &str) -> Result<Self, JobError> {
        let not_found = || JobError::NotFound { id: id.to_owned() };
        if !is_id(id) {
            return Err(not_found());
        }
        let sql = format!("SELECT {COLUMNS} FROM appview_jobs WHERE id = $1");
        conn.query_opt(&sql, &[v(id)], Self::read)?.ok_or_else(not_found)
    }
}

/// Whether this may be the id of a job: what comes from a path need not be text that both engines take.
pub(crate) fn is_id(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok()
}
