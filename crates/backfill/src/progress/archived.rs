//! Repositories whose history comes out of an archive. While it is read their host is the archive, so nobody looks for
//! another; a repository about which the archive alone does not tell everything goes the way of all others.

use atproto::Did;
use store::{Conn, Error, v};

/// In the table of discoveries, where the archive has its position: no collection is called that.
const ARCHIVE: &str = "archive";

/// How far the archive has been read: `None` before that was begun, and whether it was read to its end.
pub(crate) fn position(conn: &mut Conn<'_>, job: &str) -> Result<Option<(Option<String>, bool)>, Error> {
    const SQL: &str = "SELECT cursor, done FROM backfill_discoveries WHERE job_id = $1 AND collection = $2";
    conn.query_opt(SQL, &[v(job), v(ARCHIVE)], |row| Ok((row.opt_text(0)?.map(str::to_owned), row.bool(1)?)))
}

/// Notes how far the archive has been read.
pub(crate) fn reached(conn: &mut Conn<'_>, job: &str, position: &str) -> Result<(), Error> {
    const SQL: &str = "
        INSERT INTO backfill_discoveries (job_id, collection, cursor, done) VALUES ($1, $2, $3, 0)
        ON CONFLICT (job_id, collection) DO UPDATE SET cursor = excluded.cursor";
    conn.execute(SQL, &[v(job), v(ARCHIVE), v(position)]).map(drop)
}

/// So many changes of a repository were read.
pub(crate) fn seen(conn: &mut Conn<'_>, job: &str, did: &Did, host: &str, records: i64) -> Result<(), Error> {
    const SQL: &str = "
        INSERT INTO backfill_repos (job_id, did, state, host, records) VALUES ($1, $2, 0, $3, $4)
        ON CONFLICT (job_id, did) DO UPDATE
        SET records = backfill_repos.records + CASE WHEN backfill_repos.host = excluded.host THEN excluded.records ELSE 0 END";
    conn.execute(SQL, &[v(job), v(did.as_str()), v(host), v(records)]).map(drop)
}

/// What was read of a repository is void, or was: its host is to be asked.
pub(crate) fn doubted(conn: &mut Conn<'_>, job: &str, did: &Did, host: &str) -> Result<(), Error> {
    const SQL: &str = "
        UPDATE backfill_repos SET host = NULL, records = 0
        WHERE job_id = $1 AND did = $2 AND host = $3 AND state = 0";
    conn.execute(SQL, &[v(job), v(did.as_str()), v(host)]).map(drop)
}

/// Up to `limit` repositories that were read completely, when the archive has been read to its end.
pub(crate) fn complete(conn: &mut Conn<'_>, job: &str, host: &str, limit: u32) -> Result<Vec<Did>, Error> {
    const SELECT: &str = "
        SELECT did FROM backfill_repos WHERE job_id = $1 AND state = 0 AND host = $2 ORDER BY did LIMIT $3";
    const END: &str = "UPDATE backfill_repos SET state = 2 WHERE job_id = $1 AND did = $2";
    let dids = conn
        .query(SELECT, &[v(job), v(host), v(limit)], |row| Ok::<_, Error>(Did::parse(row.text(0)?).ok()))?;
    let dids: Vec<Did> = dids.into_iter().flatten().collect();
    for did in &dids {
        conn.execute(END, &[v(job), v(did.as_str())])?;
    }
    Ok(dids)
}

/// Nobody else needs to be looked for.
pub(crate) fn finished(conn: &mut Conn<'_>, job: &str) -> Result<(), Error> {
    conn.execute("UPDATE backfill_discoveries SET done = 1 WHERE job_id = $1", &[v(job)]).map(drop)
}

/// The archive does not lead anywhere: everybody is looked for as if there were none.
pub(crate) fn abandoned(conn: &mut Conn<'_>, job: &str, host: &str) -> Result<(), Error> {
    const REPOS: &str = "
        UPDATE backfill_repos SET host = NULL, records = 0 WHERE job_id = $1 AND host = $2 AND state = 0";
    const POSITION: &str = "
        INSERT INTO backfill_discoveries (job_id, collection, cursor, done) VALUES ($1, $2, NULL, 1)
        ON CONFLICT (job_id, collection) DO UPDATE SET cursor = NULL, done = 1";
    conn.execute(REPOS, &[v(job), v(host)])?;
    conn.execute(POSITION, &[v(job), v(ARCHIVE)]).map(drop)
}
