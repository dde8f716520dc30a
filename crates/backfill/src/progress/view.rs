//! How far a job is, for people: by repository, by host, and what failed.

use std::str::FromStr;

use atproto::Did;
use store::{Conn, Error, v};

use super::RepoState;

/// How far repositories are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Known, and no more than that.
    Discovered,
    /// Their host is known.
    Resolved,
    /// They are done, in whatever way.
    Fetched,
}

impl FromStr for Phase {
    type Err = UnknownPhase;

    fn from_str(text: &str) -> Result<Self, UnknownPhase> {
        match text {
            "discovered" => Ok(Self::Discovered),
            "resolved" => Ok(Self::Resolved),
            "fetched" => Ok(Self::Fetched),
            _ => Err(UnknownPhase),
        }
    }
}

/// Text that names no [`Phase`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a phase is discovered, resolved or fetched")]
pub struct UnknownPhase;

/// One repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepoProgress {
    /// Which.
    pub did: Did,
    /// The origin of its host, once it is known.
    pub pds_endpoint: Option<String>,
    /// `discovered`, `resolved`, `fetched`, `gone`, `failed` or `quarantined`.
    pub status: &'static str,
    /// Records found so far.
    pub records_fetched: i64,
}

/// One host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostProgress {
    /// Its origin.
    pub pds_endpoint: String,
    /// Its repositories.
    pub total_repos: i64,
    /// Those that are done, in whatever way.
    pub completed_repos: i64,
    /// Records found there so far.
    pub total_records: i64,
}

/// One repository that could not be fetched or not be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedRepo {
    /// Which.
    pub did: Did,
    /// The origin of its host, if that is known.
    pub pds_endpoint: Option<String>,
    /// Whether what its host said cannot be true.
    pub quarantined: bool,
    /// Why.
    pub reason: String,
    /// Records that were found before that.
    pub records_fetched: i64,
}

/// Repositories after `after`, by DID, that came so far and no further.
pub(crate) fn repos(
    conn: &mut Conn<'_>,
    job: &str,
    phase: Phase,
    after: &str,
    limit: u32,
) -> Result<Vec<RepoProgress>, Error> {
    const SQL: &str = "
        SELECT did, host, state, records FROM backfill_repos
        WHERE job_id = $1 AND did > $2 AND state >= $3 AND state <= $4 ORDER BY did LIMIT $5";
    let (least, most) = match phase {
        Phase::Discovered => (0, 0),
        Phase::Resolved => (1, 1),
        Phase::Fetched => (2, 5),
    };
    let found = conn.query(SQL, &[v(job), v(after), v(least), v(most), v(limit)], |row| {
        let (host, state) = (row.opt_text(1)?.map(str::to_owned), RepoState::from_code(row.int(2)?));
        let records_fetched = row.int(3)?;
        Ok::<_, Error>(Did::parse(row.text(0)?).ok().map(|did| RepoProgress {
            did,
            pds_endpoint: host,
            status: state.as_str(),
            records_fetched,
        }))
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// The hosts of a job, those with most repositories first; at most a thousand.
pub(crate) fn hosts(conn: &mut Conn<'_>, job: &str) -> Result<Vec<HostProgress>, Error> {
    const SQL: &str = "
        SELECT host, count(*), CAST(sum(CASE WHEN state IN (2, 3) THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(records) AS BIGINT)
        FROM backfill_repos WHERE job_id = $1 AND host IS NOT NULL
        GROUP BY host ORDER BY count(*) DESC, host LIMIT 1000";
    conn.query(SQL, &[v(job)], |row| {
        Ok(HostProgress {
            pds_endpoint: row.string(0)?,
            total_repos: row.int(1)?,
            completed_repos: row.int(2)?,
            total_records: row.int(3)?,
        })
    })
}

/// What failed, after `after`, by DID.
pub(crate) fn failed(
    conn: &mut Conn<'_>,
    job: &str,
    after: &str,
    limit: u32,
) -> Result<Vec<FailedRepo>, Error> {
    const SQL: &str = "
        SELECT did, host, state, error, records FROM backfill_repos
        WHERE job_id = $1 AND did > $2 AND state IN (4, 5) ORDER BY did LIMIT $3";
    let found = conn.query(SQL, &[v(job), v(after), v(limit)], |row| {
        let (host, state) = (row.opt_text(1)?.map(str::to_owned), RepoState::from_code(row.int(2)?));
        let reason = row.opt_text(3)?.unwrap_or_default().to_owned();
        let records_fetched = row.int(4)?;
        Ok::<_, Error>(Did::parse(row.text(0)?).ok().map(|did| FailedRepo {
            did,
            pds_endpoint: host,
            quarantined: state == RepoState::Quarantined,
            reason,
            records_fetched,
        }))
    })?;
    Ok(found.into_iter().flatten().collect())
}
