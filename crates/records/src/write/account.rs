//! An account is switched off, on, or gone.

use std::sync::Arc;

use atproto::Did;
use store::{Conn, Error, v};

use super::ids::Repo;
use super::log::{Action, Change, Log};
use super::purge::Purge;
use super::{ids, rows};
use crate::{Projection, RepoStatus, coverage};

/// Applies an account event. Of accounts of whom nothing is here only departures are remembered, and for a while: the
/// stream carries the events of the whole network.
pub(super) fn apply(
    conn: &mut Conn<'_>,
    did: &Did,
    status: RepoStatus,
    seen_at: i64,
    projections: &[Arc<dyn Projection>],
    log: &mut Log,
) -> Result<(), Error> {
    let Some(repo) = ids::find(conn, did.as_str())? else { return departure(conn, did, status, seen_at) };
    let row = [v(status.code()), v(seen_at), v(repo.id)];
    conn.execute("UPDATE repos SET status = $1, status_at = $2 WHERE id = $3", &row)?;
    if repo.status == status.code() {
        return Ok(());
    }
    if status == RepoStatus::Active && !faults::mutant!("records-absent-not-fetched") {
        coverage::come_back(conn, repo.id)?;
    }
    let collections = conn.query("SELECT id, nsid FROM collections", &[], |row| {
        Ok::<_, Error>((row.int(0)?, row.string(1)?))
    })?;
    for (collection_id, collection) in &collections {
        if status == RepoStatus::Deleted && !faults::mutant!("records-purge-forgotten") {
            let purge = Purge { collection_id: *collection_id, collection, repo_id: Some(repo.id) };
            while purge.chunk(conn, projections)? > 0 {}
        } else {
            show(conn, *collection_id, repo.id, status == RepoStatus::Active)?;
        }
    }
    log.append(conn, &[Change { at: seen_at, action: Action::Account, repo_id: repo.id, record: None }])
}

/// The row of a repository. A new one has the status that its account left with.
pub(crate) fn row(conn: &mut Conn<'_>, did: &str) -> Result<Repo, Error> {
    if let Some(repo) = ids::find(conn, did)? {
        return Ok(repo);
    }
    let (status, at) = departed(conn, did)?.unwrap_or((RepoStatus::Active.code(), 0));
    conn.execute("DELETE FROM departures WHERE did = $1", &[v(did)])?;
    ids::add(conn, did, status, at)
}

/// With which status an account of whom nothing is here has left, and when.
pub(super) fn departed(conn: &mut Conn<'_>, did: &str) -> Result<Option<(i64, i64)>, Error> {
    conn.query_opt("SELECT status, at FROM departures WHERE did = $1", &[v(did)], |row| {
        Ok((row.int(0)?, row.int(1)?))
    })
}

/// Remembers that somebody left, or forgets it when they are back.
fn departure(conn: &mut Conn<'_>, did: &Did, status: RepoStatus, at: i64) -> Result<(), Error> {
    const LEFT: &str = "
        INSERT INTO departures (did, status, at) VALUES ($1, $2, $3)
        ON CONFLICT (did) DO UPDATE SET status = excluded.status, at = excluded.at";
    const BACK: &str = "DELETE FROM departures WHERE did = $1";
    match status {
        RepoStatus::Active => conn.execute(BACK, &[v(did.as_str())]).map(drop),
        _ => conn.execute(LEFT, &[v(did.as_str()), v(status.code()), v(at)]).map(drop),
    }
}

/// Makes the records of a repository visible, or hides them.
fn show(conn: &mut Conn<'_>, collection_id: i64, repo_id: i64, visible: bool) -> Result<(), Error> {
    const SQL: &str = "
        UPDATE record_rows SET visible = $3
        WHERE collection_id = $1 AND repo_id = $2 AND record IS NOT NULL AND visible <> $3";
    let changed = conn.execute(SQL, &[v(collection_id), v(repo_id), v(visible)])?;
    let changed = i64::try_from(changed).unwrap_or_default();
    if changed == 0 {
        return Ok(());
    }
    rows::count(conn, collection_id, if visible { changed } else { -changed })
}
