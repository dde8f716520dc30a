//! One repository of one job.

use atproto::Did;
use store::{Conn, Error, v};

/// How far it is, as `backfill_repos.state` stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub(crate) enum RepoState {
    /// Its host is not known yet.
    Discovered = 0,
    /// Its host is.
    Resolved = 1,
    /// Everything of it is here.
    Fetched = 2,
    /// It is not served any more, or never was: done, with a reason.
    Gone = 3,
    /// It could not be fetched.
    Failed = 4,
    /// It was fetched and cannot be believed.
    Quarantined = 5,
}

impl RepoState {
    pub(crate) fn from_code(code: i64) -> Self {
        match code {
            0 => Self::Discovered,
            1 => Self::Resolved,
            2 => Self::Fetched,
            3 => Self::Gone,
            4 => Self::Failed,
            _ => Self::Quarantined,
        }
    }

    /// The word of the admin API.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Discovered => "discovered",
            Self::Resolved => "resolved",
            Self::Fetched => "fetched",
            Self::Gone => "gone",
            Self::Failed => "failed",
            Self::Quarantined => "quarantined",
        }
    }
}

/// Its host was found.
pub(crate) fn resolved(conn: &mut Conn<'_>, job: &str, did: &Did, host: &str) -> Result<(), Error> {
    const SQL: &str =
        "UPDATE backfill_repos SET state = 1, host = $3 WHERE job_id = $1 AND did = $2 AND state IN (0, 1)";
    conn.execute(SQL, &[v(job), v(did.as_str()), v(host)]).map(drop)
}

/// More of it is here: so many records, up to this position.
pub(crate) fn advance(
    conn: &mut Conn<'_>,
    job: &str,
    did: &Did,
    position: &str,
    records: i64,
) -> Result<(), Error> {
    const SQL: &str = "
        UPDATE backfill_repos SET position = $3, records = records + $4
        WHERE job_id = $1 AND did = $2 AND state = 1";
    conn.execute(SQL, &[v(job), v(did.as_str()), v(position), v(records)]).map(drop)
}

/// It is done, or given up, unless it was already; whether it was not.
pub(crate) fn end(
    conn: &mut Conn<'_>,
    job: &str,
    did: &Did,
    state: RepoState,
    error: Option<&str>,
) -> Result<bool, Error> {
    const SQL: &str = "
        UPDATE backfill_repos SET state = $3, error = $4 WHERE job_id = $1 AND did = $2 AND state IN (0, 1)";
    conn.execute(SQL, &[v(job), v(did.as_str()), v(state as i64), v(error)]).map(|rows| rows > 0)
}

/// Gives up every repository of a host that is still to be fetched; which they were.
pub(crate) fn fail_host(conn: &mut Conn<'_>, job: &str, host: &str, error: &str) -> Result<Vec<Did>, Error> {
    const SQL: &str = "
        UPDATE backfill_repos SET state = 4, error = $3 WHERE job_id = $1 AND host = $2 AND state = 1 RETURNING did";
    let dids =
        conn.query(SQL, &[v(job), v(host), v(error)], |row| Ok::<_, Error>(Did::parse(row.text(0)?).ok()))?;
    Ok(dids.into_iter().flatten().collect())
}
