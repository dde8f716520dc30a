//! Forgetting the details of jobs, and taking up again what failed.

use store::{Conn, Error, v};

/// The jobs whose repositories are known, without reading these.
pub(crate) fn detailed(conn: &mut Conn<'_>) -> Result<Vec<String>, Error> {
    const SQL: &str = "SELECT job_id FROM backfill_repos WHERE job_id > $1 ORDER BY job_id LIMIT 1";
    let mut jobs: Vec<String> = Vec::new();
    loop {
        let after = jobs.last().map(String::as_str).unwrap_or_default();
        match conn.query_opt(SQL, &[v(after)], |row| row.string(0))? {
            Some(next) => jobs.push(next),
            None => return Ok(jobs),
        }
    }
}

/// Forgets the repositories of a job.
pub(crate) fn forget(conn: &mut Conn<'_>, job: &str) -> Result<(), Error> {
    for table in ["backfill_repos", "backfill_discoveries"] {
        conn.execute(&format!("DELETE FROM {table} WHERE job_id = $1"), &[v(job)])?;
    }
    Ok(())
}

/// What failed is to be fetched again, from its host on, and what was not believed from its beginning; the number of
/// repositories.
pub(crate) fn retry_failed(conn: &mut Conn<'_>, job: &str) -> Result<u64, Error> {
    const SQL: &str = "
        UPDATE backfill_repos
        SET state = 0, host = NULL, error = NULL,
            position = CASE WHEN state = 5 THEN NULL ELSE position END,
            records = CASE WHEN state = 5 THEN 0 ELSE records END
        WHERE job_id = $1 AND state IN (4, 5)";
    conn.execute(SQL, &[v(job)])
}
