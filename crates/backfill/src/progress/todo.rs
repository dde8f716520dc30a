//! What is left to do: the database is the queue, memory holds a window of it.

use atproto::Did;
use store::{Conn, Error, v};

/// A repository to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Todo {
    pub(crate) did: Did,
    /// Where reading goes on.
    pub(crate) position: Option<String>,
}

/// Repositories after `after`, by DID, whose host is to be looked up.
pub(crate) fn to_resolve(conn: &mut Conn<'_>, job: &str, after: &str, limit: u32) -> Result<Vec<Did>, Error> {
    const SQL: &str = "
        SELECT did FROM backfill_repos WHERE job_id = $1 AND state = 0 AND host IS NULL AND did > $2 ORDER BY did LIMIT $3";
    let dids =
        conn.query(SQL, &[v(job), v(after), v(limit)], |row| Ok::<_, Error>(Did::parse(row.text(0)?).ok()))?;
    Ok(dids.into_iter().flatten().collect())
}

/// Hosts with repositories to be fetched.
pub(crate) fn hosts_to_do(conn: &mut Conn<'_>, job: &str) -> Result<Vec<String>, Error> {
    const SQL: &str = "
        SELECT DISTINCT host FROM backfill_repos WHERE job_id = $1 AND state = 1 AND host IS NOT NULL";
    conn.query(SQL, &[v(job)], |row| row.string(0))
}

/// Repositories of a host after `after`, by DID, that are to be fetched.
pub(crate) fn to_fetch(
    conn: &mut Conn<'_>,
    job: &str,
    host: &str,
    after: &str,
    limit: u32,
) -> Result<Vec<Todo>, Error> {
    const SQL: &str = "
        SELECT did, position FROM backfill_repos
        WHERE job_id = $1 AND state = 1 AND host = $2 AND did > $3 ORDER BY did LIMIT $4";
    let todo = conn.query(SQL, &[v(job), v(host), v(after), v(limit)], |row| {
        let position = row.opt_text(1)?.map(str::to_owned);
        Ok::<_, Error>(Did::parse(row.text(0)?).ok().map(|did| Todo { did, position }))
    })?;
    Ok(todo.into_iter().flatten().collect())
}
