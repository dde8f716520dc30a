//! How far the directory has been read.

use atproto::{Did, Nsid};
use store::{Conn, Engine, Error, v};

/// A collection whose repositories are being looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Discovery {
    pub(crate) collection: Nsid,
    pub(crate) cursor: Option<String>,
}

/// Writes down which collections a job is about, and whom it is about as far as that is known from the beginning. Doing
/// it again changes nothing.
pub(crate) fn prepare(
    conn: &mut Conn<'_>,
    job: &str,
    collections: &[Nsid],
    named: Option<&[Did]>,
    with_known: bool,
) -> Result<(), Error> {
    const COLLECTION: &str = "
        INSERT INTO backfill_discoveries (job_id, collection, done) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    // Whoever has records here is asked too, whether or not the directory still lists them.
    const KNOWN: &str = "
        INSERT INTO backfill_repos (job_id, did, state, records)
        SELECT $1, did, 0, 0 FROM repos WHERE EXISTS (
            SELECT 1 FROM record_rows r JOIN collections c ON c.id = r.collection_id
            WHERE r.repo_id = repos.id AND c.nsid = $2)
        ON CONFLICT DO NOTHING";
    for collection in collections {
        conn.execute(COLLECTION, &[v(job), v(collection.as_str()), v(named.is_some())])?;
        if with_known {
            conn.execute(KNOWN, &[v(job), v(collection.as_str())])?;
        }
    }
    add(conn, job, named.unwrap_or_default()).map(drop)
}

/// The collections of a job.
pub(crate) fn collections(conn: &mut Conn<'_>, job: &str) -> Result<Vec<Nsid>, Error> {
    const SQL: &str = "SELECT collection FROM backfill_discoveries WHERE job_id = $1 ORDER BY collection";
    let found = conn.query(SQL, &[v(job)], |row| Ok::<_, Error>(Nsid::parse(row.text(0)?).ok()))?;
    Ok(found.into_iter().flatten().collect())
}

/// The collections for which the directory has not been read to its end.
pub(crate) fn undiscovered(conn: &mut Conn<'_>, job: &str) -> Result<Vec<Discovery>, Error> {
    const SQL: &str = "
        SELECT collection, cursor FROM backfill_discoveries WHERE job_id = $1 AND done = 0 ORDER BY collection";
    let found = conn.query(SQL, &[v(job)], |row| {
        let cursor = row.opt_text(1)?.map(str::to_owned);
        Ok::<_, Error>(Nsid::parse(row.text(0)?).ok().map(|collection| Discovery { collection, cursor }))
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// A page of the directory, together with where the next one begins; those who are new.
pub(crate) fn found(
    conn: &mut Conn<'_>,
    job: &str,
    collection: &Nsid,
    dids: &[Did],
    next: Option<&str>,
) -> Result<Vec<Did>, Error> {
    const SQL: &str = "
        UPDATE backfill_discoveries SET cursor = $3, done = $4 WHERE job_id = $1 AND collection = $2";
    let new = add(conn, job, dids)?;
    conn.execute(SQL, &[v(job), v(collection.as_str()), v(next), v(next.is_none())])?;
    Ok(new)
}

fn add(conn: &mut Conn<'_>, job: &str, dids: &[Did]) -> Result<Vec<Did>, Error> {
    const ONE: &str = "
        INSERT INTO backfill_repos (job_id, did, state, records) VALUES ($1, $2, 0, 0) ON CONFLICT DO NOTHING";
    const ALL: &str = "
        INSERT INTO backfill_repos (job_id, did, state, records) SELECT $1, unnest($2::text[]), 0, 0
        ON CONFLICT DO NOTHING RETURNING did";
    match conn.engine() {
        Engine::Sqlite => {
            let mut new = Vec::new();
            for did in dids {
                if conn.execute(ONE, &[v(job), v(did.as_str())])? > 0 {
                    new.push(did.clone());
                }
            }
            Ok(new)
        }
        Engine::Postgres => {
            let names: Vec<Option<&str>> = dids.iter().map(|did| Some(did.as_str())).collect();
            let new = conn.query(ALL, &[v(job), v(names.as_slice())], |row| {
                Ok::<_, Error>(Did::parse(row.text(0)?).ok())
            })?;
            Ok(new.into_iter().flatten().collect())
        }
    }
}
