//! Which rows are local: `local_rows`.

use store::{Conn, Error, v};

use super::Version;

/// The key of a row: collection, repository, record key.
type Key<'k> = (i64, i64, &'k str);

/// The decision that the row carries out, or carried out before it became something else.
pub(super) fn decision(conn: &mut Conn<'_>, (collection, repo, rkey): Key<'_>) -> Result<Option<i64>, Error> {
    const SQL: &str = "
        SELECT decided_at FROM local_rows WHERE collection_id = $1 AND repo_id = $2 AND rkey = $3";
    conn.query_opt(SQL, &[v(collection), v(repo), v(rkey)], |row| row.int(0))
}

/// Notes that the row carries the decision out, or that something newer was there.
pub(super) fn set(
    conn: &mut Conn<'_>,
    (collection, repo, rkey): Key<'_>,
    version: &Version,
    decided_at: i64,
    ended: bool,
) -> Result<(), Error> {
    const SQL: &str = "
        INSERT INTO local_rows (collection_id, repo_id, rkey, only_here, cid, decided_at, ended)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (collection_id, repo_id, rkey) DO UPDATE
        SET only_here = excluded.only_here, cid = excluded.cid, decided_at = excluded.decided_at,
            ended = excluded.ended";
    let cid = version.cid.map(|cid| cid.to_string());
    let row =
        [v(collection), v(repo), v(rkey), v(version.only_here), v(cid.as_deref()), v(decided_at), v(ended)];
    conn.execute(SQL, &row).map(drop)
}

/// Notes that a row has become something else.
pub(in crate::write) fn end(conn: &mut Conn<'_>, (collection, repo, rkey): Key<'_>) -> Result<(), Error> {
    const SQL: &str = "
        UPDATE local_rows SET ended = 1 WHERE collection_id = $1 AND repo_id = $2 AND rkey = $3";
    conn.execute(SQL, &[v(collection), v(repo), v(rkey)]).map(drop)
}
